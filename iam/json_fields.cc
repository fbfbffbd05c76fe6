// SPDX-License-Identifier: MIT
#include "iam/json_fields.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace imdsd::iam {
namespace {

constexpr const char* kNotAsWritten = "not as it was written";

}  // namespace

JsonFields::JsonFields(JsonNode& node, JsonFault& fault) : node_(node), fault_(fault) {
  if (node_.kind != JsonNode::Kind::object) fault_.set(kNotAsWritten);
}

JsonFields::~JsonFields() {
  if (taken_ != node_.members.size()) fault_.set(kNotAsWritten);
}

JsonNode JsonFields::take(std::string_view name) {
  const auto found = std::find_if(node_.members.begin(), node_.members.end(),
                                  [&](const auto& member) { return member.first == name; });
  if (found == node_.members.end()) {
    fault_.set(kNotAsWritten);
    return {};
  }
  ++taken_;
  return std::move(found->second);
}

std::string JsonFields::text_of(JsonNode node) {
  if (node.kind != JsonNode::Kind::string) fault_.set(kNotAsWritten);
  return std::move(node.text);
}

std::string JsonFields::text(std::string_view name) {
  return text_of(take(name));
}

bool JsonFields::boolean(std::string_view name) {
  const JsonNode node = take(name);
  if (node.kind != JsonNode::Kind::boolean) fault_.set(kNotAsWritten);
  return node.text == "true";
}

std::int64_t JsonFields::integer(std::string_view name, std::int64_t least, std::int64_t most) {
  const JsonNode node = take(name);
  std::int64_t value = 0;
  const char* const end = node.text.data() + node.text.size();
  const auto [read, error] = std::from_chars(node.text.data(), end, value);
  const bool whole = node.kind == JsonNode::Kind::number && error == std::errc() && read == end;
  if (whole && value >= least && value <= most) return value;
  fault_.set(kNotAsWritten);
  return least;
}

std::string JsonFields::text_or_empty(std::string_view name) {
  return has(name) ? text(name) : std::string();
}

std::vector<JsonNode> JsonFields::list_or_empty(std::string_view name) {
  if (!has(name)) return {};
  JsonNode node = take(name);
  if (node.kind != JsonNode::Kind::array) fault_.set(kNotAsWritten);
  return std::move(node.items);
}

std::vector<std::string> JsonFields::texts(std::string_view name) {
  std::vector<std::string> out;
  if (!has(name)) fault_.set(kNotAsWritten);
  for (JsonNode& item : list_or_empty(name)) out.push_back(text_of(std::move(item)));
  return out;
}

}  // namespace imdsd::iam
