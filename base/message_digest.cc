// SPDX-License-Identifier: MIT
#include "base/message_digest.h"

#include <array>
#include <cstdlib>

#include <openssl/evp.h>

#include "base/digest_method.h"
#include "base/openssl_handles.h"

namespace imdsd::base {
namespace {

const EVP_MD* method_of(MessageDigest::Method method) {
  switch (method) {
    case MessageDigest::Method::md5: {
      static const EVP_MD* const md5 = digest_method("MD5");
      return md5;
    }
    case MessageDigest::Method::sha1: {
      static const EVP_MD* const sha1 = digest_method("SHA1");
      return sha1;
    }
    case MessageDigest::Method::sha256: {
      static const EVP_MD* const sha256 = digest_method("SHA256");
      return sha256;
    }
  }
  std::abort();
}

}  // namespace

struct MessageDigest::State {
  OpenSsl<EVP_MD_CTX> context{EVP_MD_CTX_new()};
};

MessageDigest::MessageDigest(Method method) : state_(std::make_unique<State>()) {
  if (state_->context == nullptr) std::abort();
  require_digest(EVP_DigestInit_ex2(state_->context.get(), method_of(method), nullptr));
}

MessageDigest::MessageDigest(MessageDigest&&) noexcept = default;
MessageDigest& MessageDigest::operator=(MessageDigest&&) noexcept = default;
MessageDigest::~MessageDigest() = default;

void MessageDigest::update(std::string_view data) {
  require_digest(EVP_DigestUpdate(state_->context.get(), data.data(), data.size()));
}

std::string MessageDigest::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  require_digest(EVP_DigestFinal_ex(state_->context.get(), bytes.data(), &size));
  require_digest(EVP_DigestInit_ex2(state_->context.get(), nullptr, nullptr));
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

std::string md5(std::string_view data) {
  MessageDigest digest(MessageDigest::Method::md5);
  digest.update(data);
  return digest.finish();
}

}  // namespace imdsd::base
