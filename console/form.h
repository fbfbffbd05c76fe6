// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "console/call.h"
#include "iam/json_document.h"

namespace imdsd::console {

/// The body of a request that says something: a JSON object of texts, and lists of texts.
class Form {
 public:
  enum class Kind { required, optional, list };
  struct Field {
    std::string_view name;
    Kind kind;
  };

  /// 400 InvalidRequest names the member that is missing, of another kind, or unknown; it quotes no
  /// value, which may be a password.
  [[nodiscard]] static tl::expected<Form, Refusal> parse(std::string_view body,
                                                         std::initializer_list<Field> fields);

  /// Empty where it is not given.
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> list(std::string_view name) const;

 private:
  iam::JsonNode json_;
};

}  // namespace imdsd::console
