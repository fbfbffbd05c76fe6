// SPDX-License-Identifier: MIT
// What EC2 calls what an instance can have, whether this one has it or not.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace imdsd::imds {

struct UnknownName {
  std::string path;     // up to the name, and with it: "meta-data/placment"
  std::string message;  // "EC2 has no `meta-data/placment`, did you mean `placement`?"
};

/// The first name in `pattern` (a path below the version, with stars) that nothing in meta-data/
/// and dynamic/ has at that place; none when it may be one of them. A segment with a star, and
/// what is behind it, may be anything.
/// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
[[nodiscard]] std::optional<UnknownName> find_unknown_name(std::string_view pattern);

}  // namespace imdsd::imds
