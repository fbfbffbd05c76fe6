// SPDX-License-Identifier: MIT
#pragma once

#include "store/migrations.h"

namespace imdsd::store {

/// The tables of buckets, objects and uploads.
[[nodiscard]] Schema s3_schema();

}  // namespace imdsd::store
