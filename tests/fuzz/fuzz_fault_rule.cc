// SPDX-License-Identifier: MIT
// Fields of a fault rule, as the admin socket takes them. A rule that is taken reads back as the
// same rule and can be played.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "aws/query_protocol.h"
#include "base/random.h"
#include "imds/fault.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace imdsd;
  static base::RealRandom random;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parameters = aws::QueryParameters::parse(text);
  if (!parameters) return 0;
  auto rule = imds::FaultRule::parse(parameters->all());
  if (!rule) return 0;
  if (!imds::FaultRule::parse(rule->fields)) std::abort();
  const base::SteadyTime now{};
  const imds::FaultSet set(
      {std::make_shared<const imds::Fault>("1", "", *std::move(rule), now, random)});
  base::HttpRequest request;
  request.method = "GET";
  const auto verdict = set.consult(rule->match.door, "meta-data/iam/info", request, now);
  if (verdict.delay.count() < 0 || verdict.delay > imds::kMaxFaultDelay) std::abort();
  return 0;
}
