// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "iam/json_document.h"

namespace imdsd::iam {

/// What is wrong with a document, said once; empty: nothing. It quotes no value, which may be
/// secret.
struct JsonFault {
  std::string message;
  void set(std::string text) {
    if (message.empty()) message = std::move(text);
  }
};

/// The members of a JSON object, each taken once. One that is missing, is of another type or out of
/// range, or was not taken when this ends, is a fault; what is given back then means nothing.
class JsonFields {
 public:
  /// Both outlive this. `node` is emptied.
  JsonFields(JsonNode& node, JsonFault& fault);
  JsonFields(const JsonFields&) = delete;
  JsonFields& operator=(const JsonFields&) = delete;
  ~JsonFields();

  [[nodiscard]] JsonFault& fault() const noexcept { return fault_; }
  [[nodiscard]] bool has(std::string_view name) const { return node_.find(name) != nullptr; }

  std::string text(std::string_view name);
  bool boolean(std::string_view name);
  std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most);
  /// Empty when there is no such member.
  std::string text_or_empty(std::string_view name);
  std::vector<JsonNode> list_or_empty(std::string_view name);
  std::vector<std::string> texts(std::string_view name);
  /// A node that is no object when there is none, which is a fault for who reads it.
  JsonNode object(std::string_view name) { return take(name); }

 private:
  JsonNode take(std::string_view name);
  /// The value of a string; a fault for others.
  std::string text_of(JsonNode node);

  JsonNode& node_;
  JsonFault& fault_;
  std::size_t taken_ = 0;
};

}  // namespace imdsd::iam
