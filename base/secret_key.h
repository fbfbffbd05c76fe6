// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace imdsd::base {

/// A key of 256 bits that stands where its owner does, and not on the heap: for keys that each
/// request uses, of one owner of thousands. As base::Secret it is wiped when it is destroyed, and
/// reveal() is the only way out.
class SecretKey {
 public:
  static constexpr std::size_t kBytes = 32;

  /// PRECONDITION: kBytes of them.
  explicit SecretKey(std::string_view bytes) noexcept;
  SecretKey(const SecretKey&) = delete;
  SecretKey& operator=(const SecretKey&) = delete;
  ~SecretKey();

  [[nodiscard]] std::string_view reveal() const noexcept { return {bytes_.data(), kBytes}; }

 private:
  std::array<char, kBytes> bytes_{};
};

}  // namespace imdsd::base
