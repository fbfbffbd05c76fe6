// SPDX-License-Identifier: MIT
#pragma once

namespace imdsd::iam {

/// What Numeric and Date operators ask of a request's value and a policy's.
enum class Ordering { equal, less, less_or_equal, greater, greater_or_equal };

template <class T>
[[nodiscard]] bool compare(Ordering ordering, const T& request, const T& policy) {
  switch (ordering) {
    case Ordering::equal:
      return request == policy;
    case Ordering::less:
      return request < policy;
    case Ordering::less_or_equal:
      return request <= policy;
    case Ordering::greater:
      return request > policy;
    case Ordering::greater_or_equal:
      return request >= policy;
  }
  return false;
}

}  // namespace imdsd::iam
