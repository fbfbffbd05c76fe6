// SPDX-License-Identifier: MIT
#include "base/digest_method.h"

#include <memory>
#include <string_view>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/provider.h>

namespace imdsd::base {
namespace {

struct Free {
  void operator()(OSSL_LIB_CTX* library) const { OSSL_LIB_CTX_free(library); }
  void operator()(OSSL_PROVIDER* provider) const { OSSL_PROVIDER_unload(provider); }
};

// As where FIPS is on: the providers that are configured have no MD5.
TEST(DigestMethod, IsTheDefaultProvidersWhereOthersHaveNone) {
  const std::unique_ptr<OSSL_LIB_CTX, Free> library(OSSL_LIB_CTX_new());
  const std::unique_ptr<OSSL_PROVIDER, Free> none(OSSL_PROVIDER_load(library.get(), "null"));
  ASSERT_NE(none, nullptr);
  ASSERT_EQ(EVP_MD_fetch(library.get(), "MD5", nullptr), nullptr);
  ERR_clear_error();
  const EVP_MD* const method = digest_method("MD5", library.get());
  ASSERT_NE(method, nullptr);
  EXPECT_TRUE(EVP_MD_is_a(method, "MD5"));
  EXPECT_NE(EVP_MD_get0_provider(method), none.get());
  EXPECT_EQ(ERR_peek_error(), 0UL) << "nothing is left for the next TLS call to find";
}

}  // namespace
}  // namespace imdsd::base
