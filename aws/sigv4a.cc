// SPDX-License-Identifier: MIT
#include "aws/sigv4a.h"

#include <cstdlib>
#include <string>
#include <utility>

#include "base/codec.h"
#include "base/digest.h"
#include "base/p256.h"

namespace imdsd::aws {
namespace {

using namespace std::string_view_literals;

// The order of P-256 (SP 800-186 section 3.2.1.3) less two, big-endian.
constexpr std::string_view kOrderLessTwo =
    "\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"
    "\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x4f"sv;
constexpr int kLastCounter = 254;

/// Big-endian.
void add_one(std::string& number) {
  for (std::size_t i = number.size(); i > 0; --i) {
    const int sum = static_cast<unsigned char>(number[i - 1]) + 1;
    number[i - 1] = static_cast<char>(sum & 0xFF);
    if (sum <= 0xFF) return;
  }
}

// The first piece is where the text begins, the last one where it ends, each other one as early as
// possible: linear, whoever wrote the pattern.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  text.remove_prefix(star);
  while (true) {
    pattern.remove_prefix(star + 1);
    star = pattern.find('*');
    if (star == std::string_view::npos) return text.ends_with(pattern);
    const std::size_t at = text.find(pattern.substr(0, star));
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + star);
  }
}

}  // namespace

base::Secret sigv4a_private_key(std::string_view access_key_id,
                                const base::Secret& secret_access_key) {
  std::string text;
  text.reserve(5 + secret_access_key.reveal().size());
  text.append("AWS4A").append(secret_access_key.reveal());
  const base::Secret input_key(std::move(text));
  for (int counter = 1; counter <= kLastCounter; ++counter) {
    std::string input("\x00\x00\x00\x01"sv);
    input.append(kSigV4aAlgorithm).append(1, '\0').append(access_key_id);
    input.append(1, static_cast<char>(counter)).append("\x00\x00\x01\x00"sv);
    std::string candidate = base::hmac_sha256(input_key.reveal(), input);
    if (candidate > kOrderLessTwo) continue;
    add_one(candidate);
    return base::Secret(std::move(candidate));
  }
  std::abort();  // a candidate fails with a probability of 2^-32, and here 254 did
}

bool sigv4a_signature_holds(std::string_view string_to_sign, std::string_view signature,
                            std::string_view access_key_id, const base::Secret& secret_access_key) {
  const auto bytes = base::hex_decode(signature);
  if (!bytes || base::hex_encode(*bytes) != signature) return false;
  const auto key = base::P256PublicKey::of_private(
      sigv4a_private_key(access_key_id, secret_access_key).reveal());
  return key && key->verify(string_to_sign, *bytes);
}

bool region_set_covers(std::string_view region_set, std::string_view region) {
  while (true) {
    const std::size_t end = region_set.find(',');
    if (matches(base::trim(region_set.substr(0, end)), region)) return true;
    if (end == std::string_view::npos) return false;
    region_set.remove_prefix(end + 1);
  }
}

}  // namespace imdsd::aws
