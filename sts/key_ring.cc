// SPDX-License-Identifier: MIT
#include "sts/key_ring.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/aead.h"
#include "base/codec.h"

namespace imdsd::sts {
namespace {

using base::Errc;
using base::fail;
using base::Result;

constexpr int kFormat = 1;
constexpr std::size_t kIdBytes = 4;

template <std::size_t kBytes>
std::string random_bytes(base::Random& random) {
  std::string bytes(kBytes, '\0');
  random.fill(std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

std::shared_ptr<const KeyRing::Key> new_key(base::Random& random, base::SystemTime now) {
  return std::make_shared<const KeyRing::Key>(KeyRing::Key{
      random_bytes<kIdBytes>(random), base::Secret(random_bytes<base::kAeadKeyBytes>(random)),
      std::chrono::floor<std::chrono::seconds>(now)});
}

// The object has these members and no others: an unknown one was written by a later version.
bool has_exactly(const nlohmann::json& object, std::initializer_list<const char*> names) {
  return object.is_object() && object.size() == names.size() &&
         std::all_of(names.begin(), names.end(),
                     [&](const char* name) { return object.contains(name); });
}

Result<KeyRing::Key> key_from_json(const nlohmann::json& item) {
  if (!has_exactly(item, {"id", "key", "created"}) || !item["id"].is_string() ||
      !item["key"].is_string() || !item["created"].is_number_unsigned()) {
    return fail(Errc::corrupt, "key ring: a key needs id, key and created, and nothing else");
  }
  auto id = base::hex_decode(item["id"].get_ref<const std::string&>());
  auto key = base::base64_decode(item["key"].get_ref<const std::string&>());
  if (!id || id->size() != kIdBytes || !key || key->size() != base::kAeadKeyBytes) {
    return fail(Errc::corrupt, "key ring: id or key of a wrong form");
  }
  constexpr std::uint64_t kLatest = std::uint64_t{1} << 40;
  const auto created = item["created"].get<std::uint64_t>();
  if (created > kLatest) return fail(Errc::corrupt, "key ring: created is out of range");
  return KeyRing::Key{*std::move(id), base::Secret(*std::move(key)),
                      base::SystemTime(std::chrono::seconds(created))};
}

}  // namespace

KeyRing KeyRing::generate(base::Random& random, base::SystemTime now) {
  KeyRing ring;
  ring.keys_.push_back(new_key(random, now));
  return ring;
}

bool KeyRing::rotate(base::Random& random, base::SystemTime now, std::chrono::seconds age) {
  // A key seals until the next one is made; the sessions of then last the longest.
  const auto outlived = [&](std::size_t i) {
    return keys_[i + 1]->created + kLongestSession < now;
  };
  std::size_t dropped = 0;
  while (dropped + 1 < keys_.size() && outlived(dropped)) ++dropped;
  keys_.erase(keys_.begin(), keys_.begin() + static_cast<std::ptrdiff_t>(dropped));
  const bool used_up = seals() >= kMaxSeals;
  if (newest().created + age > now && !used_up) return dropped > 0;
  auto key = new_key(random, now);
  while (find(key->id) != nullptr) key = new_key(random, now);
  keys_.push_back(std::move(key));
  seals_ = std::make_shared<std::atomic<std::uint64_t>>(0);
  return true;
}

Result<KeyRing> KeyRing::from_json(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!has_exactly(json, {"format", "keys"}) || json["format"] != kFormat ||
      !json["keys"].is_array() || json["keys"].empty()) {
    return fail(Errc::corrupt, "key ring: not a key ring of format " + std::to_string(kFormat));
  }
  KeyRing ring;
  for (const auto& item : json["keys"]) {
    IMDSD_TRY(Key key, key_from_json(item));
    if (ring.find(key.id) != nullptr) return fail(Errc::corrupt, "key ring: an id occurs twice");
    ring.keys_.push_back(std::make_shared<const Key>(std::move(key)));
  }
  return ring;
}

base::Secret KeyRing::to_json() const {
  auto keys = nlohmann::json::array();
  for (const auto& key : keys_) {
    const auto created = std::chrono::floor<std::chrono::seconds>(key->created).time_since_epoch();
    keys.push_back({{"id", base::hex_encode(key->id)},
                    {"key", base::base64_encode(key->key.reveal())},
                    {"created", static_cast<std::uint64_t>(created.count())}});
  }
  return base::Secret(nlohmann::json{{"format", kFormat}, {"keys", std::move(keys)}}.dump(2) +
                      "\n");
}

const KeyRing::Key* KeyRing::find(std::string_view id) const {
  const auto found =
      std::find_if(keys_.begin(), keys_.end(), [&](const auto& key) { return key->id == id; });
  return found == keys_.end() ? nullptr : found->get();
}

}  // namespace imdsd::sts
