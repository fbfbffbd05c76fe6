// SPDX-License-Identifier: MIT
#include "base/message_digest.h"

#include <array>
#include <cstdlib>

#include <openssl/evp.h>

namespace imdsd::base {
namespace {

void require(int openssl_result) {
  if (openssl_result != 1) std::abort();  // a digest of memory does not fail: libcrypto is broken
}

const EVP_MD* fetch(const char* name) {
  const EVP_MD* const method = EVP_MD_fetch(nullptr, name, nullptr);
  if (method == nullptr) std::abort();
  return method;
}

const EVP_MD* method_of(MessageDigest::Method method) {
  static const EVP_MD* const md5 = fetch("MD5");
  static const EVP_MD* const sha1 = fetch("SHA1");
  static const EVP_MD* const sha256 = fetch("SHA256");
  switch (method) {
    case MessageDigest::Method::md5:
      return md5;
    case MessageDigest::Method::sha1:
      return sha1;
    case MessageDigest::Method::sha256:
      return sha256;
  }
  std::abort();
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

struct MessageDigest::State {
  std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

MessageDigest::MessageDigest(Method method) : state_(std::make_unique<State>()) {
  if (state_->context == nullptr) std::abort();
  require(EVP_DigestInit_ex2(state_->context.get(), method_of(method), nullptr));
}

MessageDigest::MessageDigest(MessageDigest&&) noexcept = default;
MessageDigest& MessageDigest::operator=(MessageDigest&&) noexcept = default;
MessageDigest::~MessageDigest() = default;

void MessageDigest::update(std::string_view data) {
  require(EVP_DigestUpdate(state_->context.get(), data.data(), data.size()));
}

std::string MessageDigest::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  require(EVP_DigestFinal_ex(state_->context.get(), bytes.data(), &size));
  require(EVP_DigestInit_ex2(state_->context.get(), nullptr, nullptr));
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

std::string md5(std::string_view data) {
  MessageDigest digest(MessageDigest::Method::md5);
  digest.update(data);
  return digest.finish();
}

}  // namespace imdsd::base
