// SPDX-License-Identifier: MIT
// What goes on in the account: instances and requests.
#include <charconv>
#include <utility>

#include "aws/arn.h"
#include "aws/query_string.h"
#include "console/operations.h"
#include "iam/json_writer.h"

namespace imdsd::console {
namespace {

using iam::JsonWriter;

constexpr std::size_t kMostRequests = 100, kMostInstances = 200;

/// `tells_why`: what was decided, and on what.
void write_request(JsonWriter& json, const gateway::RecentRequest& request, bool tells_why) {
  json.begin_object().member("number", request.number);
  write_time(json, "time", request.time);
  json.member("request_id", request.request_id)
      .member("service", request.service)
      .member("action", request.action)
      .member("resource", tells_why ? std::string_view(request.resource) : std::string_view())
      .member("caller", request.caller_arn)
      .member("source_ip", request.source_ip)
      .member("status", request.status)
      .member("error", request.error_code)
      .member("decision", tells_why ? request.decision : std::string_view())
      .member("decided_by", tells_why ? request.decided_by : std::string_view())
      .member("would_deny", request.would_deny)
      .end_object();
}

std::string account_in(const std::string& arn_text) {
  const auto arn = aws::Arn::parse(arn_text);
  return arn ? arn->account : std::string();
}

/// Which requests the caller may see.
class Sight {
 public:
  explicit Sight(const Call& call)
      : caller_(call.caller.principal.arn),
        user_(iam::make_arn(call.authority.partition, call.session.account, "user", "/",
                            call.session.user_name)),
        account_(call.caller.principal.account),
        all_(may(call, "cloudtrail:LookupEvents", "*")) {
    const auto user = call.authority.directory->find_by_id<iam::User>(call.session.user_id);
    if (user) user_ = iam::arn_of(*user, call.authority.partition);
  }

  [[nodiscard]] bool all() const { return all_; }
  [[nodiscard]] const std::string& account() const { return account_; }
  /// Was it refused on something of another account? Then AWS tells nobody here why, nor whether
  /// it is there.
  [[nodiscard]] bool may_not_know_why(const gateway::RecentRequest& request) const {
    const std::string owner = account_in(request.resource);
    return !owner.empty() && owner != account_ && !request.error_code.empty();
  }
  [[nodiscard]] bool sees(const gateway::RecentRequest& request) const {
    if (request.caller_arn == caller_ || request.caller_arn == user_) return true;
    return all_ &&
           (account_in(request.caller_arn) == account_ || account_in(request.resource) == account_);
  }

 private:
  std::string caller_, user_, account_;
  bool all_;
};

}  // namespace

Reply instances(const Call& call, const Parts& parts) {
  if (!may(call, "ec2:DescribeInstances", "*")) return lacks("ec2:DescribeInstances", call);
  JsonWriter json;
  json.begin_object();
  write_time(json, "now", call.now);
  json.name("instances").begin_list();
  std::size_t listed = 0;
  for (const auto& row : parts.instances()) {
    if (row.account != call.caller.principal.account) continue;
    if (++listed > kMostInstances) break;
    json.begin_object()
        .member("id", row.id)
        .member("name", row.name)
        .member("profile", row.profile)
        .member("role", row.role)
        .member("state", row.state)
        .member("error", row.error);
    write_time(json, "expiration", row.expiration);
    write_time(json, "next_rotation", row.next_rotation);
    json.end_object();
  }
  json.end_list().member("more", listed > kMostInstances);
  return Answer{json.end_object().take(), std::nullopt};
}

Reply requests(const Call& call, const Parts& parts) {
  const std::string text = aws::query_value(call.http.query(), "after").value_or("0");
  std::uint64_t after = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), after);
  if (error != std::errc() || end != text.data() + text.size()) {
    return refuse(400, "InvalidRequest", "`after` is the number of a request");
  }
  const Sight sight(call);
  JsonWriter json;
  json.begin_object().member("whole_account", sight.all()).name("requests").begin_list();
  for (const auto& request : parts.requests.list(
           after, kMostRequests, [&](const auto& each) { return sight.sees(each); })) {
    write_request(json, request, !sight.may_not_know_why(request));
  }
  std::string object = json.end_list().end_object().take();
  object.pop_back();
  return Answer{object + ",\"session\":" + describe_session(call) + "}", std::nullopt};
}

Reply explanation(const Call& call, const Parts& parts) {
  const std::string id = aws::query_value(call.http.query(), "id").value_or("");
  const Sight sight(call);
  const auto known = parts.requests.list(0, 1, [&](const auto& request) {
    return request.request_id == id && sight.sees(request) && !sight.may_not_know_why(request);
  });
  const auto found = known.empty() ? std::nullopt : parts.denials.find(id);
  if (!found) {
    return refuse(404, "NotFound",
                  "There is no denied request of this id, or too many came after it.");
  }
  const auto& why = found->explanation;
  return Answer{"{\"text\":" + JsonWriter().value(why.text(sight.account())).take() +
                    ",\"explanation\":" + why.json(sight.account()) + "}",
                std::nullopt};
}

}  // namespace imdsd::console
