// SPDX-License-Identifier: MIT
#include "iam/json_document.h"

#include <cmath>
#include <cstdlib>
#include <optional>
#include <set>

#include "iam/json_string_reader.h"

namespace imdsd::iam {
namespace {

/// Up to so many members a look at all of them finds a name faster than a set does.
constexpr std::size_t kFewMembers = 16;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// One pass over the text. Functions return false after fail(); nesting is bounded, so is the
/// stack.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  tl::expected<JsonNode, JsonError> document() {
    JsonNode root;
    if (read_value(root)) {
      skip_space();
      if (at_ != text_.size()) fail_at(at_);
    }
    if (error_) return tl::unexpected(*std::move(error_));
    return root;
  }

 private:
  // No token spans lines, so that what is left of the current line is all there is to know.
  [[nodiscard]] TextPosition position(std::size_t offset) const {
    return {line_, static_cast<unsigned>(offset - line_start_ + 1)};
  }
  bool fail(std::string message, TextPosition where) {
    error_ = JsonError{std::move(message), where};
    return false;
  }
  bool fail_at(std::size_t offset) { return fail("not JSON", position(offset)); }

  /// The next character; NUL, which JSON does not have, at the end.
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') {
        ++line_;
        line_start_ = at_ + 1;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
    }
  }

  void start(JsonNode& node, JsonNode::Kind kind) const {
    node.kind = kind;
    node.offset = at_;
    node.position = position(at_);
  }
  bool finish(JsonNode& node) const {
    node.size = at_ - node.offset;
    node.end = position(at_);
    return true;
  }

  bool read_value(JsonNode& out) {
    skip_space();
    switch (peek()) {
      case '{':
        return nest(out, JsonNode::Kind::object) && read_members(out) && unnest(out);
      case '[':
        return nest(out, JsonNode::Kind::array) && read_items(out) && unnest(out);
      case '"':
        start(out, JsonNode::Kind::string);
        return read_string(out.text) && finish(out);
      case 't':
        return read_literal(out, JsonNode::Kind::boolean, "true");
      case 'f':
        return read_literal(out, JsonNode::Kind::boolean, "false");
      case 'n':
        return read_literal(out, JsonNode::Kind::null, "null");
      default:
        return read_number(out);
    }
  }

  bool nest(JsonNode& out, JsonNode::Kind kind) {
    start(out, kind);
    if (depth_ == kMaxJsonDepth) {
      return fail("nested deeper than " + std::to_string(kMaxJsonDepth) + " levels", out.position);
    }
    ++depth_;
    ++at_;
    return true;
  }
  bool unnest(JsonNode& out) {
    --depth_;
    ++at_;
    return finish(out);
  }

  /// Behind an item: true, at the next one, or false, at `close` or after fail().
  bool has_next(char close) {
    skip_space();
    if (peek() == close) return false;
    if (peek() != ',') return fail_at(at_);
    ++at_;
    skip_space();
    return true;
  }

  bool read_items(JsonNode& out) {
    skip_space();
    if (peek() == ']') return true;
    do {
      if (!read_value(out.items.emplace_back())) return false;
    } while (has_next(']'));
    return !error_;
  }

  bool read_members(JsonNode& out) {
    std::set<std::string> names;
    skip_space();
    if (peek() == '}') return true;
    out.members.reserve(4);  // what the usual statement has
    do {
      if (!read_member(out, names)) return false;
    } while (has_next('}'));
    return !error_;
  }

  bool read_member(JsonNode& out, std::set<std::string>& names) {
    const TextPosition where = position(at_);
    std::string name;
    if (peek() != '"') return fail_at(at_);
    if (!read_string(name)) return false;
    if (is_known(name, out, names)) return fail("member `" + name + "` is there twice", where);
    skip_space();
    if (peek() != ':') return fail_at(at_);
    ++at_;
    return read_value(out.members.emplace_back(std::move(name), JsonNode()).second);
  }

  /// `names` are those of `object` once there are many: a document of names alone is no trap.
  static bool is_known(const std::string& name, const JsonNode& object,
                       std::set<std::string>& names) {
    if (object.members.size() < kFewMembers) return object.find(name) != nullptr;
    if (names.empty()) {
      for (const auto& [member, value] : object.members) names.insert(member);
    }
    return !names.insert(name).second;
  }

  bool read_string(std::string& out) {
    const JsonStringEnd end = read_json_string(text_, at_ + 1, out);
    if (!end.valid) return fail_at(end.at);
    at_ = end.at;
    return true;
  }

  bool read_literal(JsonNode& out, JsonNode::Kind kind, std::string_view word) {
    start(out, kind);
    for (const char c : word) {
      if (peek() != c) return fail_at(at_);
      ++at_;
    }
    out.text = word;
    return finish(out);
  }

  bool read_digits() {
    if (!is_digit(peek())) return fail_at(at_);
    while (is_digit(peek())) ++at_;
    return true;
  }

  /// RFC 8259 section 6.
  bool read_number(JsonNode& out) {
    start(out, JsonNode::Kind::number);
    if (peek() == '-') ++at_;
    if (peek() == '0') {
      ++at_;
    } else if (!read_digits()) {
      return false;
    }
    if (peek() == '.') {
      ++at_;
      if (!read_digits()) return false;
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!read_digits()) return false;
    }
    out.text = text_.substr(out.offset, at_ - out.offset);
    if (!std::isfinite(std::strtod(out.text.c_str(), nullptr))) return fail_at(at_ - 1);
    return finish(out);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned line_ = 1;
  std::size_t line_start_ = 0;
  std::size_t depth_ = 0;
  std::optional<JsonError> error_;
};

}  // namespace

JsonNode::JsonNode() = default;
JsonNode::JsonNode(const JsonNode&) = default;
JsonNode::JsonNode(JsonNode&&) noexcept = default;
JsonNode& JsonNode::operator=(const JsonNode&) = default;
JsonNode& JsonNode::operator=(JsonNode&&) noexcept = default;
JsonNode::~JsonNode() = default;

const JsonNode* JsonNode::find(std::string_view name) const {
  for (const auto& [member, value] : members) {
    if (member == name) return &value;
  }
  return nullptr;
}

tl::expected<JsonNode, JsonError> parse_json(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    return tl::unexpected(JsonError{"starts with a byte order mark", {1, 1}});
  }
  return Reader(text).document();
}

}  // namespace imdsd::iam
