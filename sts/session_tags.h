// SPDX-License-Identifier: MIT
// Session tags: aws:PrincipalTag/* of a session; the transitive ones go on to the sessions that it
// begins in its turn (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/parameter_check.h"
#include "aws/query_protocol.h"
#include "aws/service_error.h"
#include "iam/caller.h"
#include "iam/condition_keys.h"
#include "iam/entities.h"

namespace imdsd::sts {

inline constexpr std::size_t kMaxSessionTags = 50;

class SessionTags {
 public:
  /// None.
  SessionTags() = default;

  /// What the API model says of Tags and TransitiveTagKeys.
  static void check(const aws::QueryParameters& parameters, aws::ParameterCheck& check);
  /// The same of tags that an identity provider gives.
  static void check(const std::vector<iam::Tag>& tags,
                    const std::vector<std::string>& transitive_keys, aws::ParameterCheck& check);

  /// Of parameters that passed check().
  [[nodiscard]] static aws::Outcome<SessionTags> parse(const aws::QueryParameters& parameters);
  /// Of tags that passed check(). 400 InvalidParameterValue for keys that are there twice (they are
  /// without case), reserved, or transitive and not there.
  [[nodiscard]] static aws::Outcome<SessionTags> make(std::vector<iam::Tag> tags,
                                                      const std::vector<std::string>& transitive);

  /// Adds the transitive tags of the session that asks. 400 InvalidParameterValue when one of the
  /// request has the key of one of those.
  [[nodiscard]] std::optional<aws::ServiceError> inherit(const iam::Session& from);

  /// No tags at all: nobody needs sts:TagSession.
  [[nodiscard]] bool empty() const noexcept { return tags_.empty(); }
  /// aws:RequestTag/*, aws:TagKeys and sts:TransitiveTagKeys of what the request brings; what was
  /// inherited is in none of them.
  void add_request_keys(iam::ConditionKeys& keys) const;
  /// Moves them into the session.
  void describe(iam::Session& session) &&;

 private:
  [[nodiscard]] bool has(std::string_view key) const;

  std::map<std::string, std::string> tags_;  // with those inherited
  std::vector<std::string> requested_;       // keys, as the request has them
  std::vector<std::string> transitive_;      // keys, of the request first
  std::size_t inherited_transitive_ = 0;     // how many of these stand at its end
};

}  // namespace imdsd::sts
