// SPDX-License-Identifier: MIT
#include "iam/json_document.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>

#include <nlohmann/json.hpp>

namespace imdsd::iam {
namespace {

using Json = nlohmann::json;

/// Walks the text and tells how far the lexer has read.
class CountingIterator {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* count) : at_(at), count_(count) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*count_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
    return a.at_ == b.at_;
  }
  friend bool operator!=(const CountingIterator& a, const CountingIterator& b) { return !(a == b); }

 private:
  const char* at_;
  std::size_t* count_;
};

class LineTable {
 public:
  explicit LineTable(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') starts_.push_back(i + 1);
    }
  }
  [[nodiscard]] TextPosition position(std::size_t offset) const {
    const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
    return {static_cast<unsigned>(next - starts_.begin()),
            static_cast<unsigned>(offset - *(next - 1) + 1)};
  }

 private:
  std::vector<std::size_t> starts_{0};
};

/// Builds the tree from the events of nlohmann's parser; `read` is how far its lexer has come.
class TreeBuilder final : public nlohmann::json_sax<Json> {
 public:
  TreeBuilder(std::string_view text, const std::size_t& read)
      : text_(text), read_(read), lines_(text) {}

  bool null() override { return add(literal(JsonNode::Kind::null, 4)); }
  bool boolean(bool value) override { return add(literal(JsonNode::Kind::boolean, value ? 4 : 5)); }
  bool number_integer(std::int64_t) override { return add(number()); }
  bool number_unsigned(std::uint64_t) override { return add(number()); }
  bool number_float(double, const std::string&) override { return add(number()); }
  bool binary(Json::binary_t&) override { return false; }

  bool string(std::string& value) override {
    JsonNode node;
    node.kind = JsonNode::Kind::string;
    set_extent(string_start(), node);
    node.text = std::move(value);
    return add(std::move(node));
  }
  bool start_object(std::size_t) override { return open(JsonNode::Kind::object); }
  bool start_array(std::size_t) override { return open(JsonNode::Kind::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    const TextPosition position = lines_.position(string_start());
    if (open_.back().find(name) != nullptr) {
      return fail("member `" + name + "` is there twice", position);
    }
    names_.back() = std::move(name);
    return true;
  }

  bool parse_error(std::size_t offset, const std::string&, const Json::exception&) override {
    // nlohmann counts the characters it has read, the offending one among them.
    return fail("not JSON", lines_.position(offset > 0 ? offset - 1 : 0));
  }

  [[nodiscard]] tl::expected<JsonNode, JsonError> take() {
    if (error_) return tl::unexpected(*std::move(error_));
    return std::move(root_);
  }

 private:
  bool fail(std::string message, TextPosition position) {
    if (!error_) error_ = JsonError{std::move(message), position};
    return false;
  }

  bool open(JsonNode::Kind kind) {
    const std::size_t offset = read_ > 0 ? read_ - 1 : 0;
    const TextPosition position = lines_.position(offset);
    if (open_.size() == kMaxJsonDepth) {
      return fail("nested deeper than " + std::to_string(kMaxJsonDepth) + " levels", position);
    }
    JsonNode node;
    node.kind = kind;
    node.position = position;
    node.offset = offset;
    open_.push_back(std::move(node));
    names_.emplace_back();
    return true;
  }

  bool close() {
    JsonNode node = std::move(open_.back());
    open_.pop_back();
    names_.pop_back();
    set_extent(node.offset, node);
    return add(std::move(node));
  }

  /// The node starts at `offset` and ends where the lexer is.
  void set_extent(std::size_t offset, JsonNode& node) const {
    node.offset = offset;
    node.size = read_ - offset;
    node.position = lines_.position(offset);
    node.end = lines_.position(read_);
  }

  bool add(JsonNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().kind == JsonNode::Kind::object) {
      open_.back().members.emplace_back(std::move(names_.back()), std::move(node));
    } else {
      open_.back().items.push_back(std::move(node));
    }
    return true;
  }

  /// The opening quote of the string whose closing quote was read last: quotes inside it stand
  /// behind a backslash.
  [[nodiscard]] std::size_t string_start() const {
    std::size_t at = read_ - 1;
    while (at > 0) {
      --at;
      if (text_[at] != '"') continue;
      std::size_t backslashes = 0;
      while (backslashes < at && text_[at - 1 - backslashes] == '\\') ++backslashes;
      if (backslashes % 2 == 0) break;
    }
    return at;
  }

  [[nodiscard]] JsonNode literal(JsonNode::Kind kind, std::size_t length) const {
    JsonNode node;
    node.kind = kind;
    node.text = text_.substr(read_ - length, length);
    node.position = lines_.position(read_ - length);
    return node;
  }

  /// The lexer knows the end of a number by the character behind it, which it has read or not.
  [[nodiscard]] JsonNode number() const {
    const auto belongs = [&](std::size_t at) {
      return std::string_view("0123456789+-.eE").find(text_[at]) != std::string_view::npos;
    };
    std::size_t end = read_;
    while (end > 0 && !belongs(end - 1)) --end;
    std::size_t start = end;
    while (start > 0 && belongs(start - 1)) --start;
    JsonNode node;
    node.kind = JsonNode::Kind::number;
    node.text = text_.substr(start, end - start);
    node.position = lines_.position(start);
    return node;
  }

  std::string_view text_;
  const std::size_t& read_;
  LineTable lines_;
  std::vector<JsonNode> open_;
  std::vector<std::string> names_;  // of the member that comes next, one for each of open_
  JsonNode root_;
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
  // nlohmann takes NUL for the end of the text and skips a byte order mark; RFC 8259 has neither.
  const LineTable lines(text);
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return tl::unexpected(JsonError{"not JSON", lines.position(nul)});
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    return tl::unexpected(JsonError{"starts with a byte order mark", {1, 1}});
  }
  std::size_t read = 0;
  TreeBuilder builder(text, read);
  const bool ok = Json::sax_parse(CountingIterator(text.data(), &read),
                                  CountingIterator(text.data() + text.size(), &read), &builder);
  auto tree = builder.take();
  if (tree && !ok) return tl::unexpected(JsonError{"not JSON", lines.position(read)});
  return tree;
}

}  // namespace imdsd::iam
