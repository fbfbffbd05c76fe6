// SPDX-License-Identifier: MIT
#pragma once

#include "store/migrations.h"

namespace imdsd::store {

/// The tables of users, roles and what else the directory holds.
[[nodiscard]] Schema directory_schema();

}  // namespace imdsd::store
