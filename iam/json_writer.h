// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace imdsd::iam {

/// JSON, compact, written from front to back into one string. What stands inside what is up to the
/// caller. Text that is no UTF-8 becomes U+FFFD.
class JsonWriter {
 public:
  JsonWriter& begin_object() { return begin('{'); }
  JsonWriter& end_object() { return end('}'); }
  JsonWriter& begin_list() { return begin('['); }
  JsonWriter& end_list() { return end(']'); }
  JsonWriter& name(std::string_view name);
  JsonWriter& value(std::string_view text);
  // A template, because a `const char*` would rather be a bool than a view.
  template <std::integral T>
  JsonWriter& value(T value) {
    if constexpr (std::same_as<T, bool>) {
      return literal(value ? "true" : "false");
    } else {
      return literal(std::to_string(value));
    }
  }
  template <class T>
  JsonWriter& member(std::string_view key, const T& member_value) {
    return name(key).value(member_value);
  }

  [[nodiscard]] std::size_t size() const noexcept { return out_.size(); }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  JsonWriter& begin(char bracket);
  JsonWriter& end(char bracket);
  JsonWriter& literal(std::string_view text);
  void separate();
  void append_quoted(std::string_view text);
  /// The first character of `text`, a control character without a short name or beyond ASCII;
  /// returns its length.
  std::size_t append_odd(std::string_view text);

  std::string out_;
  bool first_ = true;  // nothing stands yet in the innermost object or list, or behind a name
};

}  // namespace imdsd::iam
