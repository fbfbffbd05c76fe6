// SPDX-License-Identifier: MIT
#include "gateway/exchange.h"

#include <utility>

#include "aws/query_protocol.h"

namespace imdsd::gateway {

base::HttpResponse xml_response(int status, std::string body) {
  base::HttpResponse response;
  response.status = status;
  response.headers.add("Content-Type", "text/xml");
  response.body = std::move(body);
  return response;
}

base::HttpResponse query_error(Exchange& exchange, const aws::ServiceError& error,
                               std::string_view xmlns) {
  exchange.record.error_code = error.code;
  return xml_response(error.status, aws::error_xml(error, xmlns, exchange.request_id));
}

}  // namespace imdsd::gateway
