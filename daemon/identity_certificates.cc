// SPDX-License-Identifier: MIT
#include "daemon/identity_certificates.h"

#include <nlohmann/json.hpp>

namespace imdsd::daemon {

std::string identity_certificates_json(const IdentityCertificates& certificates) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (std::size_t i = 0; i < imds::kIdentitySignatures.size(); ++i) {
    const auto& type = imds::kIdentitySignatures[i];
    list.push_back({{"type", type.name},
                    {"algorithm", base::to_string(type.key)},
                    {"pem", certificates.keys[i].certificate_pem()}});
  }
  const Json answer = {{"region", certificates.region}, {"certificates", std::move(list)}};
  return answer.dump() + "\n";
}

}  // namespace imdsd::daemon
