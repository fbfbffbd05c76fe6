// SPDX-License-Identifier: MIT
// Processor time and allocations of iam::evaluate(), as one line of JSON: medians over several
// rounds.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "iam/caller_keys.h"
#include "iam/evaluate.h"

namespace {

std::size_t allocations = 0;  // this program has one thread

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace imdsd::iam {
namespace {

constexpr int kRounds = 9;

PolicyPointer policy(const std::string& name, const std::string& text) {
  auto parsed = parse_policy(text, PolicyKind::identity);
  if (!parsed) {
    std::fprintf(stderr, "%s: %s\n", name.c_str(), parsed.error().message.c_str());
    std::_Exit(1);
  }
  return std::make_shared<const NamedPolicy>(
      NamedPolicy{name, "", std::make_shared<const PolicyDocument>(std::move(parsed->document))});
}

PolicyList small_policy() {
  return {policy("small", R"({"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::app-data/*"},
    {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::app-data"}]})")};
}

/// Of the kinds of which large policies are made. Of 50 statements 30 name the action, 20 of those
/// the resource as well, and then conditions decide; one allows.
std::string statement(int policy, int i) {
  const std::string n = std::to_string(policy * 50 + i);
  const std::string services =
      R"("Action":["ec2:Describe*","ec2:StartInstances","sqs:*","iam:List*"],)";
  const std::string own =
      R"("Action":["s3:PutObject","s3:Get*","s3:List*"],"Resource":["arn:aws:s3:::app-data/*"],)";
  switch (i % 5) {
    case 0:
      return services + R"("Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"r)" +
             n + R"("}})";
    case 1:
      return services + R"("Resource":"arn:aws:ec2:*:*:instance/*","Condition":{"Bool":{)" +
             R"("aws:SecureTransport":"true"}})";
    case 2:
      return R"("Action":"s3:*","Resource":["arn:aws:s3:::bucket-)" + n + R"(","arn:aws:s3:::*-)" +
             n + R"(/home/${aws:userid}/*"],"Condition":{"StringLike":{"aws:userid":"AROA*"}})";
    case 3:
      return own + R"("Condition":{"IpAddress":{"aws:SourceIp":["198.51.100.0/24","10.)" +
             std::to_string(policy) + "." + std::to_string(i) +
             R"(.0/24"]},"DateGreaterThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}})";
    default:
      return own + R"("Condition":{"StringEquals":{"aws:PrincipalTag/team":["red-)" + n +
             R"(","blue)" + (policy == 9 && i == 49 ? "" : "-" + n) +
             R"("]},"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/*"}})";
  }
}

PolicyList large_policies() {
  PolicyList out;
  for (int p = 0; p < 10; ++p) {
    std::string text = R"({"Version":"2012-10-17","Statement":[)";
    for (int i = 0; i < 50; ++i) {
      text += std::string(i == 0 ? "" : ",") + R"({"Effect":"Allow",)" + statement(p, i) + "}";
    }
    out.push_back(policy("large-" + std::to_string(p), text + "]}"));
  }
  return out;
}

struct Measure {
  double nanoseconds = 0, allocations = 0;
};

Measure median(std::vector<Measure> rounds) {
  const auto middle = rounds.begin() + static_cast<std::ptrdiff_t>(rounds.size() / 2);
  std::nth_element(rounds.begin(), middle, rounds.end(), [](const Measure& a, const Measure& b) {
    return a.nanoseconds < b.nanoseconds;
  });
  return *middle;
}

/// Of this thread, so that a busy machine is not measured with it.
double processor_nanoseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

Measure measure(const PolicySet& policies, const RequestContext& request, int times) {
  std::vector<Measure> rounds;
  for (int round = 0; round < kRounds; ++round) {
    int allowed = 0;
    const std::size_t before = allocations;
    const double start = processor_nanoseconds();
    for (int i = 0; i < times; ++i) allowed += evaluate(policies, request).allowed() ? 1 : 0;
    const double took = processor_nanoseconds() - start;
    const std::size_t made = allocations - before;
    if (allowed != times) {
      std::fprintf(stderr, "the measured request is not allowed\n");
      std::_Exit(1);
    }
    rounds.push_back({took / times, static_cast<double>(made) / times});
  }
  return median(std::move(rounds));
}

/// A session of an instance's role reads an object: the keys that such a request has.
Caller instance_session() {
  Session session;
  session.tags = {{"team", "blue"}, {"stage", "production"}};
  session.role_delivery = RoleDelivery::imdsv2;
  session.source_instance_arn = "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0";
  Caller caller;
  caller.principal = {.type = PrincipalType::assumed_role,
                      .account = "123456789012",
                      .arn = "arn:aws:sts::123456789012:assumed-role/app/i-0123456789abcdef0",
                      .entity_arn = "arn:aws:iam::123456789012:role/app",
                      .entity_id = "AROAQAAAAAAAAAAAAAAAA",
                      .user_id = "AROAQAAAAAAAAAAAAAAAA:i-0123456789abcdef0",
                      .name = "app",
                      .session_name = "i-0123456789abcdef0"};
  caller.session = std::make_shared<const Session>(std::move(session));
  return caller;
}

RequestContext get_object(const Caller& caller) {
  RequestContext request;
  request.caller = &caller;
  request.action = "s3:GetObject";
  request.resource = aws::Arn{"aws", "s3", "", "", "app-data/reports/2026/summary.csv"};
  request.resource_account = "123456789012";
  add_caller_keys(caller, base::SystemTime{}, request.keys);
  request.keys.set("aws:CurrentTime", std::string("2026-01-01T00:00:00Z"));
  request.keys.set("aws:EpochTime", std::string("1767225600"));
  request.keys.set("aws:SourceIp", std::string("192.0.2.10"));
  request.keys.set("aws:UserAgent", std::string("aws-cli/2.15.0"));
  request.keys.set("aws:SecureTransport", std::string("true"));
  request.keys.set("aws:RequestedRegion", std::string("us-east-1"));
  return request;
}

}  // namespace
}  // namespace imdsd::iam

int main() {
  using namespace imdsd::iam;
  const Caller caller = instance_session();
  const RequestContext request = get_object(caller);
  PolicySet policies;
  policies.identity = small_policy();
  const Measure small = measure(policies, request, 200'000);
  policies.identity = large_policies();
  const Measure large = measure(policies, request, 5'000);
  std::printf(
      "{\"small\": {\"nanoseconds\": %.1f, \"allocations\": %.2f}, "
      "\"large\": {\"nanoseconds\": %.1f, \"allocations\": %.2f}}\n",
      small.nanoseconds, small.allocations, large.nanoseconds, large.allocations);
  return 0;
}
