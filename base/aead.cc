// SPDX-License-Identifier: MIT
#include "base/aead.h"

#include <climits>
#include <cstdlib>
#include <memory>
#include <span>

#include <openssl/evp.h>

namespace imdsd::base {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
static_assert(kNonceBytes + kTagBytes == kAeadOverheadBytes);

void require(bool holds) {
  if (!holds)
    std::abort();  // a wrong key size is our bug; sealing in memory does not fail otherwise
}

// Fetched once: looking the algorithm up costs more than sealing a session token.
const EVP_CIPHER* aes_256_gcm() {
  static EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  require(cipher != nullptr);
  return cipher;
}

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* in(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* at(std::string& bytes, std::size_t offset) {
  return reinterpret_cast<unsigned char*>(bytes.data()) + offset;
}

// A new context each time: one that is kept would keep the key schedule as well.
Context start(std::string_view key, std::string_view nonce, bool seal) {
  require(key.size() == kAeadKeyBytes);
  Context context(EVP_CIPHER_CTX_new());
  require(context != nullptr);
  require(EVP_CipherInit_ex2(context.get(), aes_256_gcm(), in(key), in(nonce), seal ? 1 : 0,
                             nullptr) == 1);
  return context;
}

bool update(EVP_CIPHER_CTX* context, unsigned char* out, std::string_view data) {
  if (data.empty()) return true;
  if (data.size() > INT_MAX) return false;
  int length = 0;
  return EVP_CipherUpdate(context, out, &length, in(data), static_cast<int>(data.size())) == 1;
}

}  // namespace

std::string aead_seal(std::string_view key, std::string_view plaintext, std::string_view associated,
                      Random& random) {
  std::string out(kAeadOverheadBytes + plaintext.size(), '\0');
  random.fill(std::as_writable_bytes(std::span(out.data(), kNonceBytes)));
  const Context context = start(key, std::string_view(out).substr(0, kNonceBytes), true);
  require(update(context.get(), nullptr, associated));
  require(update(context.get(), at(out, kNonceBytes), plaintext));
  unsigned char* const tag = at(out, kNonceBytes + plaintext.size());
  int length = 0;
  require(EVP_CipherFinal_ex(context.get(), tag, &length) == 1 && length == 0);
  require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes, tag) == 1);
  return out;
}

Result<std::string> aead_open(std::string_view key, std::string_view sealed,
                              std::string_view associated) {
  if (sealed.size() < kAeadOverheadBytes) return fail(Errc::corrupt, "sealed data is too short");
  const std::string_view nonce = sealed.substr(0, kNonceBytes);
  const std::string_view ciphertext =
      sealed.substr(kNonceBytes, sealed.size() - kAeadOverheadBytes);
  std::string tag(sealed.substr(sealed.size() - kTagBytes));
  std::string out(ciphertext.size(), '\0');
  const Context context = start(key, nonce, false);
  unsigned char nothing[1];
  int length = 0;
  const bool opened =
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) == 1 &&
      update(context.get(), nullptr, associated) && update(context.get(), at(out, 0), ciphertext) &&
      EVP_CipherFinal_ex(context.get(), nothing, &length) == 1;
  if (!opened) return fail(Errc::corrupt, "sealed data does not open");
  return out;
}

}  // namespace imdsd::base
