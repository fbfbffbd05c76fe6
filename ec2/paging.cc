// SPDX-License-Identifier: MIT
#include "ec2/paging.h"

#include "base/codec.h"
#include "ec2/errors.h"
#include "ec2/parameters.h"

namespace imdsd::ec2 {
namespace {

constexpr std::size_t kMaxPage = 1000;
constexpr std::int32_t kMinPage = 5;
constexpr std::string_view kPrefix = "after:";

}  // namespace

aws::Outcome<PageRequest> read_page(const Call& call) {
  PageRequest page{{}, kMaxPage};
  IMDSD_TRY(const auto limit, optional_integer(call.parameters(), "MaxResults"));
  if (limit && *limit < kMinPage) {
    return invalid_value("Value ( " + std::to_string(*limit) +
                         " ) for parameter maxResults is invalid. Expecting a value greater than "
                         "5.");
  }
  if (limit) page.limit = std::min(kMaxPage, static_cast<std::size_t>(*limit));
  const std::string token = call.text("NextToken");
  if (token.empty()) return page;
  const auto text = base::base64url_decode_unpadded(token);
  if (!text || !text->starts_with(kPrefix)) {
    return aws::service_error(400, "InvalidNextToken", "The specified NextToken is not valid.");
  }
  page.after = text->substr(kPrefix.size());
  return page;
}

aws::Outcome<void> check_no_page(const Call& call, const std::string& ids) {
  if (call.text("MaxResults").empty()) return {};
  return invalid_combination("The parameter " + ids +
                             " cannot be used with the parameter maxResults");
}

void write_next_token(const Call& call, const std::string& last) {
  if (last.empty()) return;
  call.xml.leaf("nextToken", base::base64url_encode_unpadded(std::string(kPrefix) + last));
}

}  // namespace imdsd::ec2
