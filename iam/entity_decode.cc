// SPDX-License-Identifier: MIT
// Reads what iam/entity_encode.cc writes.
#include <algorithm>
#include <chrono>
#include <limits>
#include <memory>
#include <type_traits>
#include <utility>

#include "base/codec.h"
#include "iam/entity_codec.h"
#include "iam/json_fields.h"
#include "saml/metadata.h"

namespace imdsd::iam {
namespace {

using base::Errc;

constexpr auto kMostUnsigned = std::numeric_limits<unsigned>::max();
constexpr auto kMostInteger = std::numeric_limits<std::int64_t>::max();

unsigned number(JsonFields& fields, std::string_view name) {
  return static_cast<unsigned>(fields.integer(name, 0, kMostUnsigned));
}

base::SystemTime time(JsonFields& fields, std::string_view name) {
  using std::chrono::seconds;
  constexpr auto kMost = std::chrono::duration_cast<seconds>(base::SystemTime::duration::max());
  return base::SystemTime(seconds(fields.integer(name, -kMost.count(), kMost.count())));
}

Origin origin_of(std::string_view text, JsonFault& fault) {
  if (text != "config" && text != "api") fault.set("its origin is not known");
  return text == "config" ? Origin::config : Origin::api;
}

Origin origin(JsonFields& fields) {
  return origin_of(fields.text("origin"), fields.fault());
}

std::vector<Tag> tags(JsonFields& fields) {
  std::vector<Tag> out;
  for (JsonNode& item : fields.list_or_empty("tags")) {
    // The origin is there if it is not the API.
    const bool is_tag = (item.items.size() == 2 || item.items.size() == 3) &&
                        std::ranges::all_of(item.items, [](const JsonNode& part) {
                          return part.kind == JsonNode::Kind::string;
                        });
    if (!is_tag) {
      fields.fault().set("a tag is not key and value");
      break;
    }
    out.push_back({std::move(item.items[0].text), std::move(item.items[1].text)});
    if (item.items.size() == 3) {
      out.back().origin = origin_of(item.items[2].text, fields.fault());
    }
  }
  return out;
}

void read_entity(JsonFields& fields, Entity& out) {
  out.account = fields.text("account");
  out.path = fields.text("path");
  out.name = fields.text("name");
  out.unique_id = fields.text("id");
  out.origin = origin(fields);
  out.created = time(fields, "created");
  out.tags = tags(fields);
}

/// A policy that does not read is as good as none, but is not told from one: the fault says it.
EntityDecoder::Document document(const std::string& text, PolicyKind kind, EntityDecoder& decoder,
                                 JsonFault& fault, const PrincipalBindings& bindings = {}) {
  if (!fault.message.empty()) return nullptr;
  auto read = decoder.document(text, kind, bindings);
  if (read) return *std::move(read);
  fault.set(read.error().message);
  return nullptr;
}

Grants grants(JsonFields& fields, EntityDecoder& decoder) {
  Grants out;
  for (JsonNode& item : fields.list_or_empty("policies")) {
    JsonFields members(item, fields.fault());
    InlinePolicy policy;
    policy.name = members.text("name");
    policy.origin = origin(members);
    policy.document =
        document(members.text("document"), PolicyKind::identity, decoder, fields.fault());
    out.inline_policies.push_back(std::move(policy));
  }
  for (JsonNode& item : fields.list_or_empty("attached")) {
    JsonFields members(item, fields.fault());
    std::string arn = members.text("arn");
    out.attached.push_back({std::move(arn), origin(members)});
  }
  return out;
}

void read_more(JsonFields& fields, EntityDecoder&, Account& out) {
  out.alias = fields.text_or_empty("alias");
  out.issuer_id = fields.text_or_empty("issuer_id");
  if (fields.has("outbound_federation")) {
    out.outbound_federation = fields.boolean("outbound_federation");
  }
  if (!fields.has("password_policy")) return;
  JsonNode node = fields.object("password_policy");
  JsonFields members(node, fields.fault());
  PasswordPolicy policy;
  policy.minimum_length = number(members, "minimum_length");
  policy.require_symbols = members.boolean("symbols");
  policy.require_numbers = members.boolean("numbers");
  policy.require_uppercase = members.boolean("uppercase");
  policy.require_lowercase = members.boolean("lowercase");
  policy.users_may_change = members.boolean("users_may_change");
  policy.max_age_days = number(members, "max_age_days");
  policy.reuse_prevention = number(members, "reuse_prevention");
  if (members.has("hard_expiry")) policy.hard_expiry = members.boolean("hard_expiry");
  out.password_policy = policy;
}

AccessKey access_key(JsonNode& node, JsonFault& fault) {
  JsonFields members(node, fault);
  AccessKey key;
  key.id = members.text("id");
  key.secret = base::Secret(members.text("secret"));
  key.active = members.boolean("active");
  key.created = time(members, "created");
  key.origin = origin(members);
  return key;
}

LoginProfile login_profile(JsonNode node, JsonFault& fault) {
  JsonFields members(node, fault);
  LoginProfile profile;
  profile.password_hash = members.text("hash");
  profile.password_reset_required = members.boolean("reset_required");
  profile.created = time(members, "created");
  profile.changed = time(members, "changed");
  profile.previous_hashes = members.texts("previous");
  return profile;
}

void read_more(JsonFields& fields, EntityDecoder& decoder, User& out) {
  out.grants = grants(fields, decoder);
  out.boundary = fields.text_or_empty("boundary");
  for (JsonNode& item : fields.list_or_empty("access_keys")) {
    out.access_keys.push_back(access_key(item, fields.fault()));
  }
  for (JsonNode& item : fields.list_or_empty("groups")) {
    JsonFields members(item, fields.fault());
    std::string id = members.text("id");
    out.groups.push_back({std::move(id), origin(members)});
  }
  if (fields.has("login_profile")) {
    out.login_profile = login_profile(fields.object("login_profile"), fields.fault());
  }
}

void read_more(JsonFields& fields, EntityDecoder& decoder, Group& out) {
  out.grants = grants(fields, decoder);
}

PrincipalBindings bindings(JsonFields& fields) {
  PrincipalBindings out;
  if (!fields.has("principals")) return out;
  JsonNode node = fields.object("principals");
  for (auto& [principal, id] : node.members) {
    if (id.kind != JsonNode::Kind::string) fields.fault().set("a principal's id is not text");
    out.emplace(std::move(principal), std::move(id.text));
  }
  if (out.empty()) fields.fault().set("it binds no principals");
  return out;
}

void read_more(JsonFields& fields, EntityDecoder& decoder, Role& out) {
  const PrincipalBindings bound = bindings(fields);
  out.trust_policy.name = kTrustPolicyName;
  out.trust_policy.document =
      document(fields.text("trust_policy"), PolicyKind::trust, decoder, fields.fault(), bound);
  out.grants = grants(fields, decoder);
  out.boundary = fields.text_or_empty("boundary");
  out.description = fields.text_or_empty("description");
  out.max_session_duration =
      std::chrono::seconds(fields.integer("max_session_duration", 0, kMostInteger));
  out.linked_service = fields.text_or_empty("linked_service");
}

void read_more(JsonFields& fields, EntityDecoder& decoder, ManagedPolicy& out) {
  out.description = fields.text_or_empty("description");
  for (JsonNode& item : fields.list_or_empty("versions")) {
    JsonFields members(item, fields.fault());
    ManagedPolicyVersion version;
    version.id = members.text("id");
    version.document =
        document(members.text("document"), PolicyKind::identity, decoder, fields.fault());
    version.created = time(members, "created");
    // Before versions had origins, the file's was the first one of the file's policies.
    const bool is_of_file = out.origin == Origin::config && version.id == "v1";
    version.origin = is_of_file ? Origin::config : Origin::api;
    if (members.has("origin")) version.origin = origin(members);
    out.versions.push_back(std::move(version));
  }
  out.default_version = fields.text("default_version");
  out.last_version = number(fields, "last_version");
  out.updated = time(fields, "updated");
  if (out.find_version(out.default_version) == nullptr) {
    fields.fault().set("its default version is not there");
  }
}

void read_more(JsonFields& fields, EntityDecoder&, InstanceProfile& out) {
  out.role = fields.text_or_empty("role");
}

void read_more(JsonFields& fields, EntityDecoder&, MfaDevice& out) {
  auto seed = base::base64_decode(fields.text("seed"));
  if (seed) {
    out.seed = base::Secret(*std::move(seed));
  } else {
    fields.fault().set("its seed is not base64");
  }
  out.user_id = fields.text_or_empty("user");
  if (fields.has("enabled")) out.enabled = time(fields, "enabled");
  out.last_step = fields.integer("last_step", 0, kMostInteger);
  out.clock_ahead = fields.integer("clock_ahead", -kMostInteger, kMostInteger);
}

void read_more(JsonFields& fields, EntityDecoder&, OidcProvider& out) {
  out.client_ids = fields.texts("client_ids");
  out.thumbprints = fields.texts("thumbprints");
}

void read_more(JsonFields& fields, EntityDecoder&, SamlProvider& out) {
  out.metadata = fields.text("metadata");
  // What an earlier version took does not keep this one from starting; nobody signs in by it.
  if (auto parsed = saml::parse_metadata(out.metadata)) {
    out.parsed_metadata = std::make_shared<const saml::Metadata>(*std::move(parsed));
  }
  out.uuid = fields.text("uuid");
  out.valid_until = time(fields, "valid_until");
}

template <std::size_t I = 0>
AnyEntity read_kind(std::size_t kind, JsonNode& node, EntityDecoder& decoder, JsonFault& fault) {
  if constexpr (I + 1 < kEntityKinds.size()) {
    if (kind != I) return read_kind<I + 1>(kind, node, decoder, fault);
  }
  using Pointer = std::variant_alternative_t<I, AnyEntity>;
  auto entity = std::make_shared<std::remove_const_t<typename Pointer::element_type>>();
  JsonFields fields(node, fault);
  read_entity(fields, *entity);
  read_more(fields, decoder, *entity);
  return Pointer(std::move(entity));
}

}  // namespace

base::Result<EntityDecoder::Document> EntityDecoder::document(std::string_view text,
                                                              PolicyKind kind,
                                                              const PrincipalBindings& bindings) {
  const auto [first, last] = documents_.equal_range(text);
  const auto known = std::find_if(first, last, [&](const auto& entry) {
    return entry.second.kind == kind && bindings_of(*entry.second.document) == bindings;
  });
  if (known != last) return known->second.document;
  auto parsed = parse_stored_policy(text, kind);
  if (!parsed) return base::fail(Errc::corrupt, "policy: " + parsed.error().message);
  restore_bindings(parsed->document, bindings);
  auto read = std::make_shared<const PolicyDocument>(std::move(parsed->document));
  documents_.emplace(read->text, Known{kind, read});
  return read;
}

base::Result<AnyEntity> EntityDecoder::decode(std::string_view kind, std::string_view text) {
  const auto found = std::find(kEntityKinds.begin(), kEntityKinds.end(), kind);
  if (found == kEntityKinds.end()) {
    return base::fail(Errc::corrupt, "kind `" + std::string(kind) + "` is not known");
  }
  JsonFault fault;
  auto node = parse_json(text);
  if (!node) return base::fail(Errc::corrupt, std::string(kind) + ": not JSON");
  AnyEntity entity =
      read_kind(static_cast<std::size_t>(found - kEntityKinds.begin()), *node, *this, fault);
  if (fault.message.empty()) return entity;
  return base::fail(Errc::corrupt, std::string(kind) + ": " + fault.message);
}

}  // namespace imdsd::iam
