// SPDX-License-Identifier: MIT
#include "base/secret.h"

#include <ostream>
#include <utility>

#include <openssl/crypto.h>

namespace imdsd::base {
namespace {

// Up to the capacity, not the size: a moved-from or shortened string keeps its old bytes behind the
// end.
void wipe_string(std::string& text) noexcept {
  text.resize(text.capacity());  // never allocates
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace

Secret::Secret(std::string value) : value_(std::move(value)) {
  wipe_string(value);  // a short string was copied by the move
}

Secret::Secret(Secret&& other) noexcept : value_(std::move(other.value_)) {
  other.wipe();
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    value_ = std::move(other.value_);
    other.wipe();
  }
  return *this;
}

Secret::~Secret() {
  wipe();
}

void Secret::wipe() noexcept {
  wipe_string(value_);
}

std::ostream& operator<<(std::ostream& out, const Secret&) {
  return out << "[redacted]";
}

bool constant_time_equal(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace imdsd::base
