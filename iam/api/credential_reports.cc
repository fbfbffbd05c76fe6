// SPDX-License-Identifier: MIT
#include <chrono>
#include <optional>

#include "base/codec.h"
#include "iam/api/account.h"
#include "iam/api/errors.h"
#include "iam/api/shapes.h"
#include "iam/credential_report.h"

namespace imdsd::iam::api {
namespace {

using aws::Outcome;

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateCredentialReport.html
constexpr std::chrono::hours kLifetime{4};

bool is_expired(const CredentialReports::Report& report, base::SystemTime now) {
  return now - report.generated >= kLifetime;
}

}  // namespace

/// The report is there when STARTED is answered, so that there is no INPROGRESS.
Outcome<void> generate_credential_report(Call& call) {
  const auto report = call.context.reports.find(call.account());
  if (report && !is_expired(*report, call.context.now)) {
    call.xml.leaf("State", "COMPLETE");
    return {};
  }
  call.context.reports.put(
      call.account(),
      {call.context.now, credential_report(*call.directory, call.context.usage, call.account(),
                                           call.context.partition, call.context.now)});
  call.xml.leaf("State", "STARTED")
      .leaf("Description", "No report exists. Starting a new report generation task");
  return {};
}

Outcome<void> get_credential_report(Call& call) {
  const auto report = call.context.reports.find(call.account());
  if (!report) {
    // AWS's error has no Message.
    return tl::unexpected(aws::ServiceError{410, "ReportNotPresent", std::nullopt});
  }
  if (is_expired(*report, call.context.now)) {
    return aws::service_error(410, "ReportExpired", "Credential report is expired");
  }
  call.xml.leaf("Content", base::base64_encode(report->csv))
      .leaf("ReportFormat", "text/csv")
      .leaf("GeneratedTime", date(report->generated));
  return {};
}

}  // namespace imdsd::iam::api
