// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace imdsd::imds {

/// One flat JSON object in the layout of EC2's documents: `{`, a line `  "key" : value` a member,
/// `}`; LF between lines, no final newline. Clients compare and sign these bytes.
class Ec2Json {
 public:
  Ec2Json& text(std::string_view name, std::string_view value);
  /// `[ "a", "b" ]`, on the member's line.
  Ec2Json& texts(std::string_view name, const std::vector<std::string>& values);
  Ec2Json& null(std::string_view name);
  [[nodiscard]] std::string take();

 private:
  void key(std::string_view name);
  std::string out_ = "{";
  bool first_ = true;
};

}  // namespace imdsd::imds
