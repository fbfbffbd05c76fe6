// SPDX-License-Identifier: MIT
#include "console/form.h"

#include <algorithm>
#include <utility>

namespace imdsd::console {
namespace {

using iam::JsonNode;

tl::unexpected<Refusal> invalid(std::string message) {
  return refuse(400, "InvalidRequest", std::move(message));
}

bool is_text(const JsonNode& node) {
  return node.kind == JsonNode::Kind::string;
}

bool fits(const JsonNode& node, Form::Kind kind) {
  if (kind != Form::Kind::list) return is_text(node);
  return node.kind == JsonNode::Kind::array &&
         std::all_of(node.items.begin(), node.items.end(), is_text);
}

}  // namespace

tl::expected<Form, Refusal> Form::parse(std::string_view body,
                                        std::initializer_list<Field> fields) {
  auto json = iam::parse_json(body);
  if (!json) return invalid("the body is no JSON: " + json.error().message);
  if (json->kind != JsonNode::Kind::object) return invalid("the body is no JSON object");
  for (const auto& member : json->members) {
    const std::string& name = member.first;
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&](const Field& each) { return each.name == name; });
    if (field == fields.end()) return invalid("`" + name + "` is unknown");
    if (!fits(member.second, field->kind)) {
      return invalid("`" + name + "` must be " +
                     (field->kind == Kind::list ? "a list of strings" : "a string"));
    }
  }
  Form form;
  form.json_ = *std::move(json);
  for (const Field& field : fields) {
    if (field.kind == Kind::required && form.text(field.name).empty()) {
      return invalid("`" + std::string(field.name) + "` is missing");
    }
  }
  return form;
}

std::string Form::text(std::string_view name) const {
  const JsonNode* const found = json_.find(name);
  return found == nullptr ? std::string() : found->text;
}

std::vector<std::string> Form::list(std::string_view name) const {
  std::vector<std::string> texts;
  const JsonNode* const found = json_.find(name);
  if (found == nullptr) return texts;
  for (const JsonNode& item : found->items) texts.push_back(item.text);
  return texts;
}

}  // namespace imdsd::console
