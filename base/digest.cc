// SPDX-License-Identifier: MIT
#include "base/digest.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace imdsd::base {
namespace {

constexpr std::size_t kBlockBytes = 64;

void require(int openssl_result) {
  if (openssl_result != 1) std::abort();  // SHA-256 on memory does not fail: libcrypto is broken
}

// Fetched once and a context per thread: looking the algorithm up costs more than hashing 100
// bytes.
const EVP_MD* sha256_method() {
  static EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (method == nullptr) std::abort();
  return method;
}

EVP_MD_CTX* thread_context() {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  if (context == nullptr) std::abort();
  return context.get();
}

using Digest = std::array<unsigned char, kSha256Bytes>;

Digest digest_of(EVP_MD_CTX* context, std::string_view first, std::string_view second) {
  Digest out;
  require(EVP_DigestInit_ex2(context, sha256_method(), nullptr));
  require(EVP_DigestUpdate(context, first.data(), first.size()));
  require(EVP_DigestUpdate(context, second.data(), second.size()));
  require(EVP_DigestFinal_ex(context, out.data(), nullptr));
  return out;
}

std::string_view view(const unsigned char* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

std::string sha256(std::string_view data) {
  const Digest digest = digest_of(thread_context(), data, {});
  return std::string(view(digest.data(), digest.size()));
}

// RFC 2104. Written out because HMAC() of OpenSSL 3 looks up its algorithms at each call.
std::string hmac_sha256(std::string_view key, std::string_view data) {
  EVP_MD_CTX* const context = thread_context();
  std::array<unsigned char, kBlockBytes> pad{};
  if (key.size() > kBlockBytes) {
    const Digest short_key = digest_of(context, key, {});
    std::copy(short_key.begin(), short_key.end(), pad.begin());
  } else {
    std::copy(key.begin(), key.end(), pad.begin());
  }
  for (auto& byte : pad) byte ^= 0x36;
  const Digest inner = digest_of(context, view(pad.data(), pad.size()), data);
  for (auto& byte : pad) byte ^= 0x36 ^ 0x5c;
  const Digest outer =
      digest_of(context, view(pad.data(), pad.size()), view(inner.data(), inner.size()));
  OPENSSL_cleanse(pad.data(), pad.size());
  return std::string(view(outer.data(), outer.size()));
}

}  // namespace imdsd::base
