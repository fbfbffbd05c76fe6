// SPDX-License-Identifier: MIT
// Questions to whoever sits at the terminal (/dev/tty), whatever standard input and output are.
#pragma once

#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace imdsd::cli {

/// Errc::unavailable without a terminal, or where nothing was typed.
[[nodiscard]] base::Result<std::string> ask_visible(const std::string& prompt);
/// What is typed is not shown.
[[nodiscard]] base::Result<base::Secret> ask_hidden(const std::string& prompt);
/// The next line of standard input, without its end. Nothing beyond it is read.
[[nodiscard]] base::Result<base::Secret> read_line();

}  // namespace imdsd::cli
