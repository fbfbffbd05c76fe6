// SPDX-License-Identifier: MIT
// Members that say nothing are left out. What is written here is read in iam/entity_decode.cc.
#include <chrono>
#include <type_traits>

#include "base/codec.h"
#include "iam/entity_codec.h"
#include "iam/json_writer.h"

namespace imdsd::iam {
namespace {

std::int64_t seconds(base::SystemTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::string_view text_of(Origin origin) {
  return origin == Origin::config ? "config" : "api";
}

void add_unless_empty(std::string_view name, const std::string& text, JsonWriter& out) {
  if (!text.empty()) out.member(name, text);
}

/// A list of objects, each written by `write`; left out when it is empty.
template <class Item, class Write>
void add_list(std::string_view name, const std::vector<Item>& items, JsonWriter& out, Write write) {
  if (items.empty()) return;
  out.name(name).begin_list();
  for (const Item& item : items) {
    out.begin_object();
    write(item);
    out.end_object();
  }
  out.end_list();
}

void add_texts(std::string_view name, const std::vector<std::string>& texts, JsonWriter& out) {
  out.name(name).begin_list();
  for (const std::string& text : texts) out.value(text);
  out.end_list();
}

void add_entity(const Entity& entity, JsonWriter& out) {
  out.member("account", entity.account)
      .member("path", entity.path)
      .member("name", entity.name)
      .member("id", entity.unique_id)
      .member("origin", text_of(entity.origin))
      .member("created", seconds(entity.created));
  if (entity.tags.empty()) return;
  out.name("tags").begin_list();
  for (const Tag& tag : entity.tags) {
    out.begin_list().value(tag.key).value(tag.value);
    if (tag.origin != Origin::api) out.value(text_of(tag.origin));
    out.end_list();
  }
  out.end_list();
}

void add_grants(const Grants& grants, JsonWriter& out) {
  add_list("policies", grants.inline_policies, out, [&](const InlinePolicy& policy) {
    out.member("name", policy.name)
        .member("origin", text_of(policy.origin))
        .member("document", policy.document->text);
  });
  add_list("attached", grants.attached, out, [&](const Attachment& attachment) {
    out.member("arn", attachment.policy_arn).member("origin", text_of(attachment.origin));
  });
}

void add_more(const Account& account, JsonWriter& out) {
  add_unless_empty("alias", account.alias, out);
  add_unless_empty("issuer_id", account.issuer_id, out);
  if (account.outbound_federation) out.member("outbound_federation", true);
  if (!account.password_policy) return;
  const PasswordPolicy& policy = *account.password_policy;
  out.name("password_policy")
      .begin_object()
      .member("minimum_length", policy.minimum_length)
      .member("symbols", policy.require_symbols)
      .member("numbers", policy.require_numbers)
      .member("uppercase", policy.require_uppercase)
      .member("lowercase", policy.require_lowercase)
      .member("users_may_change", policy.users_may_change)
      .member("max_age_days", policy.max_age_days)
      .member("reuse_prevention", policy.reuse_prevention);
  if (policy.hard_expiry) out.member("hard_expiry", *policy.hard_expiry);
  out.end_object();
}

void add_more(const User& user, JsonWriter& out) {
  add_grants(user.grants, out);
  add_unless_empty("boundary", user.boundary, out);
  add_list("access_keys", user.access_keys, out, [&](const AccessKey& key) {
    out.member("id", key.id)
        .member("secret", key.secret.reveal())
        .member("active", key.active)
        .member("created", seconds(key.created))
        .member("origin", text_of(key.origin));
  });
  add_list("groups", user.groups, out, [&](const Membership& membership) {
    out.member("id", membership.group_id).member("origin", text_of(membership.origin));
  });
  if (!user.login_profile) return;
  out.name("login_profile")
      .begin_object()
      .member("hash", user.login_profile->password_hash)
      .member("reset_required", user.login_profile->password_reset_required)
      .member("created", seconds(user.login_profile->created))
      .member("changed", seconds(user.login_profile->changed));
  add_texts("previous", user.login_profile->previous_hashes, out);
  out.end_object();
}

void add_more(const Group& group, JsonWriter& out) {
  add_grants(group.grants, out);
}

void add_more(const Role& role, JsonWriter& out) {
  out.member("trust_policy", role.trust_policy.document->text);
  const PrincipalBindings bindings = bindings_of(*role.trust_policy.document);
  if (!bindings.empty()) {
    out.name("principals").begin_object();
    for (const auto& [principal, id] : bindings) out.member(principal, id);
    out.end_object();
  }
  add_grants(role.grants, out);
  add_unless_empty("boundary", role.boundary, out);
  add_unless_empty("description", role.description, out);
  out.member("max_session_duration", role.max_session_duration.count());
  add_unless_empty("linked_service", role.linked_service, out);
}

void add_more(const ManagedPolicy& policy, JsonWriter& out) {
  add_unless_empty("description", policy.description, out);
  add_list("versions", policy.versions, out, [&](const ManagedPolicyVersion& version) {
    out.member("id", version.id)
        .member("created", seconds(version.created))
        .member("document", version.document->text);
    if (version.origin != Origin::api) out.member("origin", text_of(version.origin));
  });
  out.member("default_version", policy.default_version)
      .member("last_version", policy.last_version)
      .member("updated", seconds(policy.updated));
}

void add_more(const InstanceProfile& profile, JsonWriter& out) {
  add_unless_empty("role", profile.role, out);
}

void add_more(const MfaDevice& device, JsonWriter& out) {
  out.member("seed", base::base64_encode(device.seed.reveal()));
  add_unless_empty("user", device.user_id, out);
  if (device.enabled) out.member("enabled", seconds(*device.enabled));
  out.member("last_step", device.last_step).member("clock_ahead", device.clock_ahead);
}

void add_more(const OidcProvider& provider, JsonWriter& out) {
  add_texts("client_ids", provider.client_ids, out);
  add_texts("thumbprints", provider.thumbprints, out);
}

void add_more(const SamlProvider& provider, JsonWriter& out) {
  out.member("metadata", provider.metadata)
      .member("uuid", provider.uuid)
      .member("valid_until", seconds(provider.valid_until));
}

}  // namespace

std::string_view kind_of(const AnyEntity& entity) {
  return kEntityKinds[entity.index()];
}

std::string encode_entity(const AnyEntity& entity) {
  JsonWriter out;
  out.begin_object();
  std::visit(
      [&](const auto& one) {
        add_entity(*one, out);
        add_more(*one, out);
      },
      entity);
  return out.end_object().take();
}

}  // namespace imdsd::iam
