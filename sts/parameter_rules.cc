// SPDX-License-Identifier: MIT
#include "sts/parameter_rules.h"

namespace imdsd::sts {
namespace {

bool matches_session_name(std::string_view text) {
  return aws::is_word_or(text, "+=,.@-");
}
bool matches_external_id(std::string_view text) {
  return aws::is_word_or(text, "+=,.@:/-");
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

}  // namespace imdsd::sts
