// SPDX-License-Identifier: MIT
#include "sts/session_claims_codec.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "iam/policy_document.h"

namespace imdsd::sts {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using base::SystemTime;

/// Never renumbered: tokens outlive a restart, and so an upgrade. New fields take new numbers.
enum class Tag : std::uint8_t {
  access_key_id = 1,
  secret_access_key = 2,
  principal_type = 3,
  account = 4,
  entity_id = 5,
  session_name = 6,
  issued = 7,
  expiration = 8,
  source_identity = 9,
  role_delivery = 10,
  source_instance_arn = 11,
  from_service = 12,
  mfa_time = 13,
  tag_key = 14,  // repeats, each followed by its tag_value
  tag_value = 15,
  transitive_tag_key = 16,  // repeats
  policy_text = 17,         // repeats
  policy_arn = 18,          // repeats
  provider_key = 19,        // repeats, each followed by its provider_values
  provider_value = 20,
  assumed_root = 21,
};

class Writer {
 public:
  void text(Tag tag, std::string_view value) {
    if (!value.empty()) always(tag, value);
  }
  void always(Tag tag, std::string_view value) {
    out_ += static_cast<char>(tag);
    std::size_t length = value.size();
    for (; length >= 0x80; length >>= 7) out_ += static_cast<char>(0x80 | (length & 0x7F));
    out_ += static_cast<char>(length);
    out_ += value;
  }
  void number(Tag tag, std::uint64_t value) {
    std::string bytes;
    for (; value != 0; value >>= 8) bytes.insert(bytes.begin(), static_cast<char>(value & 0xFF));
    always(tag, bytes);
  }
  void time(Tag tag, SystemTime value) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(value).time_since_epoch().count();
    number(tag, static_cast<std::uint64_t>(seconds));
  }
  base::Secret take() { return base::Secret(std::move(out_)); }

 private:
  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  /// The next field if it has this tag.
  std::optional<std::string_view> next(Tag tag) {
    if (rest_.empty() || static_cast<Tag>(rest_[0]) != tag) return std::nullopt;
    std::size_t length = 0;
    std::size_t used = 1;
    for (unsigned shift = 0;; shift += 7) {
      if (used >= rest_.size() || shift > 28) return broken();
      const auto byte = static_cast<unsigned char>(rest_[used++]);
      length |= static_cast<std::size_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) != 0) continue;
      if (byte == 0 && shift != 0) return broken();  // a longer form than the writer's
      break;
    }
    if (length > rest_.size() - used) return broken();
    const std::string_view value = rest_.substr(used, length);
    rest_.remove_prefix(used + length);
    return value;
  }

  std::string text(Tag tag) {
    const auto value = next(tag);
    if (value && value->empty()) broken();
    return std::string(value.value_or(std::string_view()));
  }

  std::optional<std::uint64_t> number(Tag tag) {
    const auto bytes = next(tag);
    if (!bytes) return std::nullopt;
    if (bytes->size() > 5 || bytes->starts_with('\0')) {  // 40 bits of seconds: the year 36,812
      broken();
      return std::nullopt;
    }
    std::uint64_t value = 0;
    for (const char c : *bytes) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }

  std::optional<SystemTime> time(Tag tag) {
    const auto seconds = number(tag);
    if (!seconds) return std::nullopt;
    return SystemTime(std::chrono::seconds(*seconds));
  }

  /// Everything was read, and nothing was broken.
  [[nodiscard]] bool complete() const { return !broken_ && rest_.empty(); }
  std::nullopt_t broken() {
    broken_ = true;
    rest_ = {};
    return std::nullopt;
  }

 private:
  std::string_view rest_;
  bool broken_ = false;
};

void write_packed(Writer& writer, const iam::Session& session) {
  for (const auto& [key, value] : session.tags) {
    writer.always(Tag::tag_key, key);
    writer.always(Tag::tag_value, value);
  }
  for (const auto& key : session.transitive_tag_keys) writer.always(Tag::transitive_tag_key, key);
  for (const auto& policy : session.policies) {
    writer.always(Tag::policy_text, policy.document->text);
  }
  for (const auto& arn : session.policy_arns) writer.always(Tag::policy_arn, arn);
}

void write_session(Writer& writer, const iam::Session& session, Packed packed) {
  writer.time(Tag::issued, session.issued);
  writer.time(Tag::expiration, session.expiration);
  writer.text(Tag::source_identity, session.source_identity);
  if (session.role_delivery) {
    writer.number(Tag::role_delivery, *session.role_delivery == iam::RoleDelivery::imdsv1 ? 1 : 2);
  }
  writer.text(Tag::source_instance_arn, session.source_instance_arn);
  if (session.from_service) writer.number(Tag::from_service, 1);
  if (session.mfa_time) writer.time(Tag::mfa_time, *session.mfa_time);
  if (packed == Packed::kept) write_packed(writer, session);
  for (const auto& [key, values] : session.provider_keys) {
    writer.always(Tag::provider_key, key);
    for (const auto& value : values) writer.always(Tag::provider_value, value);
  }
  if (session.assumed_root) writer.number(Tag::assumed_root, 1);
}

void read_tags(Reader& reader, iam::Session& session) {
  while (const auto key = reader.next(Tag::tag_key)) {
    const auto value = reader.next(Tag::tag_value);
    const bool in_order = session.tags.empty() || session.tags.rbegin()->first < *key;
    if (!value || !in_order) {
      reader.broken();
      return;
    }
    session.tags.emplace(*key, *value);
  }
  while (const auto key = reader.next(Tag::transitive_tag_key)) {
    session.transitive_tag_keys.emplace_back(*key);
  }
}

void read_policies(Reader& reader, iam::Session& session) {
  while (const auto text = reader.next(Tag::policy_text)) {
    auto parsed = iam::parse_policy(*text, iam::PolicyKind::session);
    if (!parsed) {
      reader.broken();
      return;
    }
    session.policies.push_back(
        {iam::kSessionPolicyName, "",
         std::make_shared<const iam::PolicyDocument>(std::move(parsed->document))});
  }
  while (const auto arn = reader.next(Tag::policy_arn)) session.policy_arns.emplace_back(*arn);
}

void read_provider_keys(Reader& reader, iam::Session& session) {
  while (const auto key = reader.next(Tag::provider_key)) {
    const bool in_order =
        session.provider_keys.empty() || session.provider_keys.rbegin()->first < *key;
    std::vector<std::string> values;
    while (const auto value = reader.next(Tag::provider_value)) values.emplace_back(*value);
    if (!in_order || values.empty()) {
      reader.broken();
      return;
    }
    session.provider_keys.emplace(*key, std::move(values));
  }
}

bool read_flag(Reader& reader, Tag tag) {
  const auto flag = reader.number(tag);
  if (flag && *flag != 1) reader.broken();
  return flag.has_value();
}

void read_session(Reader& reader, iam::Session& session) {
  const auto issued = reader.time(Tag::issued);
  const auto expiration = reader.time(Tag::expiration);
  if (!issued || !expiration) reader.broken();
  session.issued = issued.value_or(SystemTime());
  session.expiration = expiration.value_or(SystemTime());
  session.source_identity = reader.text(Tag::source_identity);
  if (const auto delivery = reader.number(Tag::role_delivery)) {
    if (*delivery != 1 && *delivery != 2) reader.broken();
    session.role_delivery = *delivery == 1 ? iam::RoleDelivery::imdsv1 : iam::RoleDelivery::imdsv2;
  }
  session.source_instance_arn = reader.text(Tag::source_instance_arn);
  session.from_service = read_flag(reader, Tag::from_service);
  session.mfa_time = reader.time(Tag::mfa_time);
  read_tags(reader, session);
  read_policies(reader, session);
  read_provider_keys(reader, session);
  session.assumed_root = read_flag(reader, Tag::assumed_root);
}

/// The kinds of principals that hold sessions, in the order of their numbers on the wire.
constexpr std::array kSessionPrincipals{iam::PrincipalType::assumed_role, iam::PrincipalType::user,
                                        iam::PrincipalType::federated_user,
                                        iam::PrincipalType::account_root};

}  // namespace

base::Secret encode_claims(const SessionClaims& claims, Packed packed) {
  Writer writer;
  writer.text(Tag::access_key_id, claims.access_key_id);
  writer.text(Tag::secret_access_key, claims.secret_access_key.reveal());
  for (std::size_t i = 0; i < kSessionPrincipals.size(); ++i) {
    if (kSessionPrincipals[i] == claims.principal_type) writer.number(Tag::principal_type, i + 1);
  }
  writer.text(Tag::account, claims.account);
  writer.text(Tag::entity_id, claims.entity_id);
  writer.text(Tag::session_name, claims.session_name);
  write_session(writer, claims.session, packed);
  return writer.take();
}

Result<SessionClaims> decode_claims(std::string_view bytes) {
  Reader reader(bytes);
  SessionClaims claims;
  claims.access_key_id = reader.text(Tag::access_key_id);
  claims.secret_access_key = base::Secret(reader.text(Tag::secret_access_key));
  const auto type = reader.number(Tag::principal_type).value_or(0);
  if (type == 0 || type > kSessionPrincipals.size()) {
    return fail(Errc::corrupt, "session token names no kind of principal");
  }
  claims.principal_type = kSessionPrincipals[type - 1];
  claims.account = reader.text(Tag::account);
  claims.entity_id = reader.text(Tag::entity_id);
  claims.session_name = reader.text(Tag::session_name);
  read_session(reader, claims.session);
  if (!reader.complete()) return fail(Errc::corrupt, "session token holds broken claims");
  return claims;
}

}  // namespace imdsd::sts
