// SPDX-License-Identifier: MIT
#include "sts_client/embedded_source.h"

#include <memory>
#include <utility>

#include "sts/issue_for_service.h"

namespace imdsd::sts_client {
namespace {

sts::ServiceSessionRequest request_of(const InstanceRole& instance, std::chrono::seconds lifetime) {
  sts::ServiceSessionRequest request{.service_principal = "ec2.amazonaws.com",
                                     .account = instance.account,
                                     .role_name = instance.role_name,
                                     .session_name = instance.instance_id,
                                     .lifetime = lifetime,
                                     .delivery = iam::RoleDelivery::imdsv1,
                                     .source_instance_arn = instance.instance_arn,
                                     .source_vpc = instance.vpc_id,
                                     .source_private_ipv4 = instance.private_ipv4};
  if (instance.service.principal.empty()) return request;
  request.service_principal = instance.service.principal;
  request.session_name = instance.service.session_name;
  request.delivery.reset();
  request.source_instance_arn.clear();
  request.source_vpc.clear();
  request.source_private_ipv4.clear();
  request.source_arn = instance.service.source_arn;
  request.tags = instance.service.tags;
  return request;
}

}  // namespace

EmbeddedSource::EmbeddedSource(const base::Clock& clock, base::Random& random,
                               const base::SnapshotCell<sts::Authority>& authority)
    : clock_(clock), random_(random), authority_(authority) {}

base::Result<CredentialSets> EmbeddedSource::fetch(const InstanceRole& instance,
                                                   std::chrono::seconds lifetime) {
  const auto authority = authority_.load();
  const base::SystemTime now = clock_.now();  // one time for both: they expire in the same second
  auto request = request_of(instance, lifetime);
  IMDSD_TRY(auto issued, sts::issue_for_service(request, *authority, now, random_));
  auto first = std::make_shared<const aws::Credentials>(std::move(issued));
  if (!request.delivery) return CredentialSets{first, first, now};
  request.delivery = iam::RoleDelivery::imdsv2;
  IMDSD_TRY(auto imdsv2, sts::issue_for_service(request, *authority, now, random_));
  return CredentialSets{std::move(first),
                        std::make_shared<const aws::Credentials>(std::move(imdsv2)), now};
}

}  // namespace imdsd::sts_client
