// SPDX-License-Identifier: MIT
#include "base/digest.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/digest_method.h"
#include "base/openssl_handles.h"

namespace imdsd::base {
namespace {

constexpr std::size_t kBlockBytes = 64;  // of both methods

const EVP_MD* sha256_method() {
  static const EVP_MD* const method = digest_method("SHA256");
  return method;
}

const EVP_MD* sha1_method() {
  static const EVP_MD* const method = digest_method("SHA1");
  return method;
}

// One a thread: making one costs more than hashing 100 bytes.
EVP_MD_CTX* thread_context() {
  thread_local const OpenSsl<EVP_MD_CTX> context(EVP_MD_CTX_new());
  if (context == nullptr) std::abort();
  return context.get();
}

struct Digest {
  std::array<unsigned char, kSha256Bytes> bytes;  // room for the longest
  unsigned size = 0;
  [[nodiscard]] std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), size};
  }
};

Digest digest_of(const EVP_MD* method, std::string_view first, std::string_view second) {
  EVP_MD_CTX* const context = thread_context();
  Digest out;
  require_digest(EVP_DigestInit_ex2(context, method, nullptr));
  require_digest(EVP_DigestUpdate(context, first.data(), first.size()));
  require_digest(EVP_DigestUpdate(context, second.data(), second.size()));
  require_digest(EVP_DigestFinal_ex(context, out.bytes.data(), &out.size));
  return out;
}

// RFC 2104. Written out because HMAC() of OpenSSL 3 looks up its algorithms at each call.
std::string hmac(const EVP_MD* method, std::string_view key, std::string_view data) {
  std::array<char, kBlockBytes> pad{};
  if (key.size() > kBlockBytes) {
    const Digest short_key = digest_of(method, key, {});
    std::copy(short_key.view().begin(), short_key.view().end(), pad.begin());
  } else {
    std::copy(key.begin(), key.end(), pad.begin());
  }
  for (auto& byte : pad) byte ^= 0x36;
  const Digest inner = digest_of(method, {pad.data(), pad.size()}, data);
  for (auto& byte : pad) byte ^= 0x36 ^ 0x5c;
  const Digest outer = digest_of(method, {pad.data(), pad.size()}, inner.view());
  OPENSSL_cleanse(pad.data(), pad.size());
  return std::string(outer.view());
}

}  // namespace

std::string sha1(std::string_view data) {
  return std::string(digest_of(sha1_method(), data, {}).view());
}

std::string sha256(std::string_view data) {
  return std::string(digest_of(sha256_method(), data, {}).view());
}

std::string hmac_sha256(std::string_view key, std::string_view data) {
  return hmac(sha256_method(), key, data);
}

std::string hmac_sha1(std::string_view key, std::string_view data) {
  return hmac(sha1_method(), key, data);
}

}  // namespace imdsd::base
