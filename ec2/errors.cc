// SPDX-License-Identifier: MIT
#include "ec2/errors.h"

#include "base/xml_writer.h"
#include "ec2/xml.h"

namespace imdsd::ec2 {

std::string error_xml(const aws::ServiceError& error, std::string_view request_id) {
  base::XmlWriter xml;
  xml.open("Response").open("Errors").open("Error");
  xml.leaf("Code", error.code).leaf("Message", error.message.value_or(""));
  xml.close().close().leaf("RequestID", request_id).close();
  return kXmlDeclaration + xml.take();
}

aws::ServiceError authentication_failure(const aws::ServiceError& reason) {
  if (reason.code == "ExpiredToken") return {400, "RequestExpired", "Request has expired."};
  if (reason.code == "MissingAuthenticationToken") {
    return {401, "AuthFailure",
            "AWS was not able to authenticate the request: access credentials are missing"};
  }
  return {401, "AuthFailure", "AWS was not able to validate the provided access credentials"};
}

}  // namespace imdsd::ec2
