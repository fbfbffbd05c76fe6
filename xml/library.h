// SPDX-License-Identifier: MIT
#pragma once

namespace imdsd::xml {

/// Makes libxml2 ready: once for the process, in whichever thread comes first, and for the calling
/// thread. It loads nothing from outside and writes nothing to standard error. Called before each
/// use; cheap.
void use_library();

/// Has libxml2 load nothing from outside, for all threads. For who starts a library that has it
/// load again.
void load_nothing_from_outside();

}  // namespace imdsd::xml
