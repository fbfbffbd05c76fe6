// SPDX-License-Identifier: MIT
#include "aws/s3_error.h"

#include "base/xml_writer.h"

namespace imdsd::aws {
namespace {

void append_element(std::string& out, std::string_view name, std::string_view text) {
  out.append("<").append(name).append(">").append(base::xml_escape(text));
  out.append("</").append(name).append(">");
}

}  // namespace

std::string s3_error_xml(const S3Error& error, std::string_view request_id,
                         std::string_view host_id) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>";
  append_element(out, "Code", error.code);
  append_element(out, "Message", error.message);
  for (const auto& [name, text] : error.details) append_element(out, name, text);
  append_element(out, "RequestId", request_id);
  append_element(out, "HostId", host_id);
  return out + "</Error>";
}

}  // namespace imdsd::aws
