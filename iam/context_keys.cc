// SPDX-License-Identifier: MIT
#include "iam/context_keys.h"

#include <set>
#include <string_view>

#include "base/codec.h"
#include "iam/json_document.h"

namespace imdsd::iam {
namespace {

class Collector {
 public:
  explicit Collector(bool variables) : variables_(variables) {}

  void read_policy(const JsonNode& root) {
    const JsonNode* statements = root.find("Statement");
    if (statements == nullptr) return;
    if (statements->kind == JsonNode::Kind::object) read_statement(*statements);
    for (const JsonNode& statement : statements->items) read_statement(statement);
  }
  std::vector<std::string> take() { return std::move(keys_); }

 private:
  void read_statement(const JsonNode& statement) {
    for (const char* element : {"Resource", "NotResource"}) {
      if (const JsonNode* found = statement.find(element)) read_text(*found);
    }
    const JsonNode* conditions = statement.find("Condition");
    if (conditions == nullptr) return;
    for (const auto& [op, keys] : conditions->members) {
      for (const auto& [key, values] : keys.members) {
        add(key);
        read_text(values);
      }
    }
  }

  /// A string, or a list of strings, with variables.
  void read_text(const JsonNode& node) {
    for (const JsonNode& item : node.items) read_text(item);
    if (!variables_ || node.kind != JsonNode::Kind::string) return;
    std::string_view text = node.text;
    for (std::size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${")) {
      text.remove_prefix(at + 2);
      const std::string_view key = base::trim(text.substr(0, text.find_first_of(",}")));
      // `${*}`, `${?}` and `${$}` stand for characters.
      if (key.find(':') != std::string_view::npos) add(key);
    }
  }

  void add(std::string_view key) {
    if (seen_.insert(base::to_lower(key)).second) keys_.emplace_back(key);
  }

  bool variables_;
  std::set<std::string> seen_;
  std::vector<std::string> keys_;
};

}  // namespace

std::vector<std::string> context_keys(const PolicyDocument& document) {
  Collector collector(document.version == PolicyVersion::v2012_10_17);
  // The text of a parsed policy is JSON.
  if (const auto root = parse_json(document.text)) collector.read_policy(*root);
  return collector.take();
}

}  // namespace imdsd::iam
