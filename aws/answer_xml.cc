// SPDX-License-Identifier: MIT
#include "aws/answer_xml.h"

namespace imdsd::aws {

std::string answer_xml(std::string_view action, std::string_view xmlns, std::string_view request_id,
                       const std::function<void(base::XmlWriter&)>& write) {
  base::XmlWriter xml;
  xml.open(std::string(action) + "Response", xmlns);
  xml.open(std::string(action) + "Result");
  write(xml);
  xml.close();
  xml.open("ResponseMetadata").leaf("RequestId", request_id).close();
  xml.close();
  return xml.take();
}

}  // namespace imdsd::aws
