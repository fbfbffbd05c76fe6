// SPDX-License-Identifier: MIT
#include "daemon/instance_identity.h"

#include <utility>

#include "imds/region_names.h"
#include "sts/issue_instance_identity.h"
#include "sts_client/rotation_policy.h"

namespace imdsd::daemon {
namespace {

base::Result<imds::InstanceIdentityCredentials> issue(const std::string& instance_id,
                                                      const InstanceIdentityTerms& terms,
                                                      const sts::Authority& authority,
                                                      base::SystemTime now, base::Random& random) {
  sts::InstanceIdentityRequest request{
      .account = terms.account,
      .instance_id = instance_id,
      .instance_arn = instance_arn(terms.account, terms.region, instance_id),
      .lifetime = terms.lifetime,
      .delivery = iam::RoleDelivery::imdsv1};
  IMDSD_TRY(auto v1, sts::issue_instance_identity(request, *authority.key_ring, now, random));
  request.delivery = iam::RoleDelivery::imdsv2;
  IMDSD_TRY(auto v2, sts::issue_instance_identity(request, *authority.key_ring, now, random));
  const base::SystemTime renew_at = sts_client::next_rotation(now, v2.expiration, 0);
  return imds::InstanceIdentityCredentials{std::move(v1), std::move(v2), now, renew_at};
}

}  // namespace

std::shared_ptr<imds::InstanceIdentityRole> make_instance_identity(
    std::string instance_id, std::shared_ptr<const InstanceIdentityTerms> terms,
    const base::SnapshotCell<sts::Authority>& authority, base::Random& random) {
  return std::make_shared<imds::InstanceIdentityRole>(
      [id = std::move(instance_id), terms = std::move(terms), &authority, &random](
          base::SystemTime now) { return issue(id, *terms, *authority.load(), now, random); });
}

std::string instance_arn(const std::string& account, const std::string& region,
                         const std::string& instance_id) {
  return "arn:" + std::string(imds::partition_of_region(region)) + ":ec2:" + region + ":" +
         account + ":instance/" + instance_id;
}

}  // namespace imdsd::daemon
