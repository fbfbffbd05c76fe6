// SPDX-License-Identifier: MIT
// Which variables make an AWS client that is set up for something else talk to imdsd. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"
#include "base/result.h"

namespace imdsd::cli {

/// GET /v1/env
struct DaemonEndpoints {
  std::string metadata_endpoint;  // with its final slash: older CLIs glue the path on
  std::string aws_endpoint;
  std::string region;
  std::vector<std::string> hosts;  // of both, for no_proxy
  std::string credentials_file;    // the administrator's
  std::string aws_tls_endpoint;    // empty: there is none
  std::string ca_file;             // what its certificate is verified by
  std::string lent_socket{};       // takes listeners; empty: that imdsd takes none

  [[nodiscard]] static base::Result<DaemonEndpoints> parse(std::string_view text);
};

struct Variable {
  std::string name;
  std::optional<std::string> value;  // none: to be unset
  friend bool operator==(const Variable&, const Variable&) = default;
};

/// `current`: what is set now. no_proxy and JAVA_TOOL_OPTIONS keep what they hold, and every
/// AWS_ENDPOINT_URL_* and AWS_CONTAINER_* that is set is unset. `java`: JAVA_TOOL_OPTIONS, for the
/// SDK for Java 1.x. `admin`: by the administrator's profile instead of the instance's role. `tls`:
/// aws_tls_endpoint, which is not empty then.
struct Audience {
  bool java = false;
  bool admin = false;
  bool tls = false;
};
[[nodiscard]] std::vector<Variable> client_environment(const DaemonEndpoints& daemon,
                                                       const base::Environment& current,
                                                       Audience audience);

}  // namespace imdsd::cli
