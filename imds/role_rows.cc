// SPDX-License-Identifier: MIT
#include "imds/role_rows.h"

#include <memory>
#include <utility>

#include "imds/instance_identity_role.h"
#include "imds/snapshot.h"

namespace imdsd::imds {
namespace {

constexpr std::string_view kSince = "2012-01-12";

using Value = std::optional<ComputedValue>;

Value info(const MetadataView& view, std::string_view) {
  const RoleDocuments* role = view.snapshot.role.get();
  if (role == nullptr) return std::nullopt;
  return ComputedValue{role->info, role->last_modified.text()};
}

/// `v1` or `v2` by how the request came, as long as its keys live.
ComputedValue living_document(const MetadataView& view, const RoleDocuments& role,
                              base::SlabString RoleDocuments::*v1,
                              base::SlabString RoleDocuments::*v2) {
  if (role.expiration && view.now >= *role.expiration)
    return {role.expired, role.last_modified.text()};
  return view.delivery == Delivery::imdsv1
             ? ComputedValue{role.*v1, role.last_modified.text(), role.access_key_id_v1}
             : ComputedValue{role.*v2, role.last_modified.text(), role.access_key_id_v2};
}

/// The list of the one role, or that role's document.
Value role_document(const MetadataView& view, std::string_view rest,
                    base::SlabString RoleDocuments::*v1, base::SlabString RoleDocuments::*v2) {
  const RoleDocuments* role = view.snapshot.role.get();
  if (role == nullptr || role->role_name.empty()) return std::nullopt;
  if (rest.empty()) return ComputedValue{role->role_name, role->last_modified.text()};
  if (rest != role->role_name) return std::nullopt;
  return living_document(view, *role, v1, v2);
}

Value credentials(const MetadataView& view, std::string_view rest) {
  return role_document(view, rest, &RoleDocuments::credentials_v1, &RoleDocuments::credentials_v2);
}

Value extended_credentials(const MetadataView& view, std::string_view rest) {
  if (!view.snapshot.options.extended_credentials) return std::nullopt;
  return role_document(view, rest, &RoleDocuments::extended_v1, &RoleDocuments::extended_v2);
}

/// A listing issues nothing.
Value identity_credentials(const MetadataView& view, std::string_view rest) {
  const InstanceIdentityRole* role = view.snapshot.identity_role.get();
  if (role == nullptr) return std::nullopt;
  if (rest.empty()) return ComputedValue{InstanceIdentityRole::kName, {}};
  if (rest != InstanceIdentityRole::kName) return std::nullopt;
  auto documents = role->documents(view.now);
  ComputedValue value = living_document(view, *documents, &RoleDocuments::credentials_v1,
                                        &RoleDocuments::credentials_v2);
  value.owner = std::move(documents);
  return value;
}

}  // namespace

std::vector<MetadataRow> role_rows() {
  using Kind = MetadataRow::Kind;
  return {
      {.path = "meta-data/iam/info", .kind = Kind::computed, .compute = info, .since = kSince},
      {.path = "meta-data/iam/security-credentials",
       .kind = Kind::computed_list,
       .compute = credentials,
       .since = kSince},
      // Crawlers fetch whatever is listed, and EC2 was never seen to list this one.
      {.path = "meta-data/iam/security-credentials-extended",
       .kind = Kind::computed_list,
       .compute = extended_credentials,
       .listed = false,
       .since = kSince},
      {.path = "meta-data/identity-credentials/ec2/security-credentials",
       .kind = Kind::computed_list,
       .compute = identity_credentials,
       .since = "2018-05-23"},
  };
}

}  // namespace imdsd::imds
