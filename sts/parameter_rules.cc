// SPDX-License-Identifier: MIT
#include "sts/parameter_rules.h"

#include <cstdint>
#include <utility>

#include "aws/tag_text.h"
#include "base/utf8.h"
#include "iam/api/shape_pattern.h"
#include "saml/response.h"

namespace imdsd::sts {
namespace {

bool matches_session_name(std::string_view text) {
  return aws::is_word_or(text, "+=,.@-");
}
bool matches_external_id(std::string_view text) {
  return aws::is_word_or(text, "+=,.@:/-");
}

bool matches_serial_number(std::string_view text) {
  return aws::is_word_or(text, "+=/:,.@-");
}
bool matches_key_id(std::string_view text) {
  return aws::is_word_or(text, "");
}
bool matches_code(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}
/// The model's [\u0009\u000A\u000D\u0020-\u00FF]+, which the empty text is not.
bool matches_policy(std::string_view text) {
  return !text.empty() && iam::api::is_document_text(text);
}
bool matches_anything(std::string_view) {
  return true;
}

}  // namespace

constinit const aws::TextRule kRoleArnRule{.member = "roleArn",
                                           .required = true,
                                           .min_length = 20,
                                           .max_length = 2048,
                                           .pattern = aws::kArnPattern,
                                           .matches = aws::is_arn_text};
constinit const aws::TextRule kRoleSessionNameRule{.member = "roleSessionName",
                                                   .required = true,
                                                   .min_length = 2,
                                                   .max_length = 64,
                                                   .pattern = R"([\w+=,.@-]*)",
                                                   .matches = matches_session_name};
constinit const aws::TextRule kExternalIdRule{.member = "externalId",
                                              .required = false,
                                              .min_length = 2,
                                              .max_length = 1224,
                                              .pattern = R"([\w+=,.@:\/-]*)",
                                              .matches = matches_external_id};
// STS takes 256 characters, though its model says 64.
constinit const aws::TextRule kSourceIdentityRule{.member = "sourceIdentity",
                                                  .required = false,
                                                  .min_length = 2,
                                                  .max_length = 256,
                                                  .pattern = R"([\w+=,.@-]*)",
                                                  .matches = matches_session_name};
constinit const aws::TextRule kSerialNumberRule{.member = "serialNumber",
                                                .required = false,
                                                .min_length = 9,
                                                .max_length = 256,
                                                .pattern = R"([\w+=/:,.@-]*)",
                                                .matches = matches_serial_number};
constinit const aws::TextRule kTokenCodeRule{.member = "tokenCode",
                                             .required = false,
                                             .min_length = 6,
                                             .max_length = 6,
                                             .pattern = R"([\d]*)",
                                             .matches = matches_code};
constinit const aws::TextRule kFederatedNameRule{.member = "name",
                                                 .required = true,
                                                 .min_length = 2,
                                                 .max_length = 32,
                                                 .pattern = R"([\w+=,.@-]*)",
                                                 .matches = matches_session_name};
constinit const aws::TextRule kTargetPrincipalRule{.member = "targetPrincipal",
                                                   .required = true,
                                                   .min_length = 12,
                                                   .max_length = 2048,
                                                   .pattern = "",
                                                   .matches = base::is_valid_utf8};
constinit const aws::TextRule kTaskPolicyArnRule{.member = "taskPolicyArn.arn",
                                                 .required = true,
                                                 .min_length = 20,
                                                 .max_length = 2048,
                                                 .pattern = aws::kArnPattern,
                                                 .matches = aws::is_arn_text};
constinit const aws::TextRule kEncodedMessageRule{.member = "encodedMessage",
                                                  .required = true,
                                                  .min_length = 1,
                                                  .max_length = 10'240,
                                                  .pattern = "",
                                                  .matches = base::is_valid_utf8};
constinit const aws::TextRule kAccessKeyIdRule{.member = "accessKeyId",
                                               .required = true,
                                               .min_length = 16,
                                               .max_length = 128,
                                               .pattern = R"([\w]*)",
                                               .matches = matches_key_id};
constinit const aws::TextRule kTradeInTokenRule{.member = "tradeInToken",
                                                .required = true,
                                                .min_length = 1,
                                                .max_length = 20'000,
                                                .pattern = "",
                                                .matches = base::is_valid_utf8,
                                                .sensitive = true};
constinit const aws::TextRule kContextAssertionRule{.member = "contextAssertion",
                                                    .required = false,
                                                    .min_length = 4,
                                                    .max_length = 2048,
                                                    .pattern = "",
                                                    .matches = base::is_valid_utf8};
constinit const aws::TextRule kPrincipalArnRule{.member = "principalArn",
                                                .required = true,
                                                .min_length = 20,
                                                .max_length = 2048,
                                                .pattern = aws::kArnPattern,
                                                .matches = aws::is_arn_text};
constinit const aws::TextRule kSamlAssertionRule{.member = "sAMLAssertion",
                                                 .required = true,
                                                 .min_length = 4,
                                                 .max_length = saml::kMaxResponseText,
                                                 .pattern = "",
                                                 .matches = base::is_valid_utf8,
                                                 .sensitive = true};
constinit const aws::TextRule kSessionPolicyRule{.member = "policy",
                                                 .required = false,
                                                 .min_length = 1,
                                                 .max_length = 2048,
                                                 .pattern = R"([\u0009\u000A\u000D\u0020-\u00FF]+)",
                                                 .matches = matches_policy};
constinit const aws::TextRule kTagKeyRule{.member = "key",
                                          .required = true,
                                          .min_length = 1,
                                          .max_length = 128,
                                          .pattern = aws::kTagKeyPattern,
                                          .matches = aws::is_tag_text};
constinit const aws::TextRule kTagValueRule{.member = "value",
                                            .required = true,
                                            .min_length = 0,
                                            .max_length = 256,
                                            .pattern = aws::kTagValuePattern,
                                            .matches = aws::is_tag_text};
constinit const aws::TextRule kWebIdentityTokenRule{.member = "webIdentityToken",
                                                    .required = true,
                                                    .min_length = 4,
                                                    .max_length = 20'000,
                                                    .pattern = ".*",
                                                    .matches = matches_anything,
                                                    .sensitive = true};
constinit const aws::TextRule kProviderIdRule{.member = "providerId",
                                              .min_length = 4,
                                              .max_length = 2048,
                                              .pattern = ".*",
                                              .matches = matches_anything};

aws::Outcome<std::chrono::seconds> read_duration(const aws::QueryParameters& parameters,
                                                 const DurationRule& rule,
                                                 aws::ParameterCheck& check) {
  const auto text = parameters.get("DurationSeconds");
  if (!text) return rule.fallback;
  auto seconds = aws::parse_integer(*text);
  if (!seconds) return tl::unexpected(std::move(seconds).error());
  check.range("durationSeconds", *seconds, static_cast<std::int32_t>(rule.min.count()),
              static_cast<std::int32_t>(rule.max.count()));
  return std::chrono::seconds(*seconds);
}

}  // namespace imdsd::sts
