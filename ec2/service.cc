// SPDX-License-Identifier: MIT
#include "ec2/service.h"

#include <string>
#include <utility>

#include "ec2/errors.h"
#include "ec2/parameters.h"
#include "ec2/xml.h"

namespace imdsd::ec2 {
namespace {

using aws::Outcome;

Outcome<void> check_region(const ActionRequest& request, const Place& place) {
  if (request.region.empty() || request.region == place.region) return {};
  return aws::service_error(401, "AuthFailure",
                            "Credential should be scoped to a valid region, not '" +
                                std::string(request.region) + "': the instances here are in " +
                                place.region + " (aws.region).");
}

Outcome<std::string> run(const Operation& operation, const ActionRequest& request,
                         const Context& context, iam::ActionAnswer& answer) {
  base::XmlWriter xml;
  Call call{request, context, context.instances.place(), xml, answer};
  if (auto region = check_region(request, call.place); !region) {
    return tl::unexpected(std::move(region).error());
  }
  if (auto names = check_names(operation.parameters, request.parameters); !names) {
    return tl::unexpected(std::move(names).error());
  }
  xml.open(std::string(operation.name) + "Response", kNamespace);
  xml.leaf("requestId", request.request_id);
  if (auto done = operation.run(call); !done) return tl::unexpected(std::move(done).error());
  xml.close();
  return kXmlDeclaration + xml.take();
}

}  // namespace

iam::ActionAnswer call(const Operation& operation, const ActionRequest& request,
                       const Context& context) {
  iam::ActionAnswer answer{std::string()};
  answer.xml = run(operation, request, context, answer);
  return answer;
}

}  // namespace imdsd::ec2
