// SPDX-License-Identifier: MIT
// Digests of data that comes in pieces, by OpenSSL; base/digest.h has those of a text. MD5 and
// SHA-1 are for names and checks that AWS makes with them: they protect nothing.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace imdsd::base {

class MessageDigest {
 public:
  enum class Method { md5, sha1, sha256 };
  explicit MessageDigest(Method method);
  MessageDigest(MessageDigest&&) noexcept;
  MessageDigest& operator=(MessageDigest&&) noexcept;
  ~MessageDigest();

  void update(std::string_view data);
  /// Raw bytes of all data since the start or the last finish(); then it starts anew.
  [[nodiscard]] std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Raw bytes.
[[nodiscard]] std::string md5(std::string_view data);

}  // namespace imdsd::base
