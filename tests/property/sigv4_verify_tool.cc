// SPDX-License-Identifier: MIT
// Reads requests as JSON lines and answers each with a line: `ok ACCESS_KEY_ID [SESSION_TOKEN]`, or
// `error STATUS CODE MESSAGE`. The other half of test_sigv4_property.py.
//   {"method":"GET","target":"/","headers":[["Host","h"]],"body_b64":"","secret":"…",
//    "service":"sts","region":"","rule":"normalize"|"verbatim","now":"2015-08-30T12:36:00Z"}
#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

#include "aws/sigv4_authorization.h"
#include "aws/time_format.h"
#include "base/codec.h"

namespace {

using namespace imdsd;

aws::Outcome<std::string> check(const nlohmann::json& line) {
  base::HttpRequest request;
  request.method = line.at("method").get<std::string>();
  request.target = line.at("target").get<std::string>();
  for (const auto& header : line.at("headers")) {
    request.headers.add(header.at(0).get<std::string>(), header.at(1).get<std::string>());
  }
  request.body = base::base64_decode(line.at("body_b64").get<std::string>()).value();
  const auto now = aws::parse_iso8601(line.at("now").get<std::string>()).value();
  const base::Secret secret(line.at("secret").get<std::string>());
  const auto rule = line.at("rule") == "verbatim" ? aws::PathRule::verbatim
                                                  : aws::PathRule::normalize_and_encode_twice;

  IMDSD_TRY(const auto authorization, aws::parse_authorization(request, now));
  IMDSD_TRY_VOID(aws::check_scope(authorization, line.at("service").get<std::string>(),
                                  line.at("region").get<std::string>()));
  IMDSD_TRY_VOID(aws::verify_signature(request, authorization, secret, rule));
  std::string answer = "ok " + authorization.access_key_id;
  if (!authorization.session_token.empty()) {
    answer.append(" ").append(authorization.session_token.reveal());
  }
  return answer;
}

}  // namespace

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto answer = check(nlohmann::json::parse(line));
    if (answer) {
      std::cout << *answer << '\n';
    } else {
      const auto& error = answer.error();
      std::cout << "error " << error.status << ' ' << error.code << ' '
                << error.message.value_or("(no message)") << '\n';
    }
  }
}
