// SPDX-License-Identifier: MIT
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/verify-iid.html
#include "imds/identity_signer.h"

#include <string_view>
#include <utility>

#include "base/codec.h"
#include "base/log.h"

namespace imdsd::imds {
namespace {

/// RFC 2045 section 6.8.
std::string base64_lines(std::string_view bytes) {
  constexpr std::size_t kLine = 76;
  const std::string text = base::base64_encode(bytes);
  std::string lines;
  for (std::size_t at = 0; at < text.size(); at += kLine) {
    if (at > 0) lines.push_back('\n');
    lines.append(text, at, kLine);
  }
  return lines;
}

}  // namespace

base::Result<IdentityKeys> IdentitySigner::keys() const {
  if (const auto made = made_.load()) return *made;
  const std::lock_guard lock(making_);
  if (const auto made = made_.load()) return *made;
  IMDSD_TRY(auto keys, obtain_());
  made_.store(std::make_shared<const IdentityKeys>(keys));
  return keys;
}

base::Result<std::string> IdentitySigner::sign(std::size_t type, const std::string& document,
                                               base::SystemTime now) const {
  const auto all = made_.load();
  if (!all) return base::fail(base::Errc::unavailable, "the keys are still to be made");
  const base::CertifiedKey& key = (*all)[type];
  IMDSD_TRY(const std::string signed_bytes, kIdentitySignatures[type].is_message
                                                ? key.sign_message(document, now)
                                                : key.sign(document));
  return base64_lines(signed_bytes);
}

void add_signature_rows(std::shared_ptr<const IdentitySigner> signer, const std::string& document,
                        std::vector<MetadataRow>& rows) {
  const auto signed_text = std::make_shared<const std::string>(document);
  for (std::size_t i = 0; i < kIdentitySignatures.size(); ++i) {
    const std::string_view name = kIdentitySignatures[i].name;
    const auto make = [signer, signed_text, i,
                       name](base::SystemTime now) -> std::optional<std::string> {
      auto text = signer->sign(i, *signed_text, now);
      if (text) return *std::move(text);
      const bool later = text.error().code == base::Errc::unavailable;
      base::log(later ? base::LogLevel::debug : base::LogLevel::error,
                "identity document not signed",
                {{"signature", name}, {"error", text.error().message}});
      return std::nullopt;
    };
    rows.push_back({.path = "dynamic/instance-identity/" + std::string(name),
                    .kind = MetadataRow::Kind::lazy,
                    .since = "2009-04-04",
                    .make = make});
  }
}

}  // namespace imdsd::imds
