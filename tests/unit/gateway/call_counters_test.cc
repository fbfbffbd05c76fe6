// SPDX-License-Identifier: MIT
#include "gateway/call_counters.h"

#include <string>

#include <gtest/gtest.h>

namespace imdsd::gateway {
namespace {

AuditRecord call(std::string service, std::string action, int status, std::string error = {}) {
  AuditRecord record;
  record.service = std::move(service);
  record.action = std::move(action);
  record.status = status;
  record.error_code = std::move(error);
  return record;
}

std::string text(const CallCounters& counters) {
  std::string out;
  for (const auto& row : counters.rows()) {
    out.append(row.service).append(" ").append(row.action).append(" ");
    out.append(to_string(row.outcome)).append(" ").append(std::to_string(row.count)).append("\n");
  }
  return out;
}

TEST(CallCounters, ByServiceActionAndOutcome) {
  CallCounters counters;
  EXPECT_EQ(text(counters), "");
  counters.count(call("sts", "GetCallerIdentity", 200));
  counters.count(call("sts", "GetCallerIdentity", 200));
  counters.count(call("sts", "GetCallerIdentity", 403, "InvalidClientTokenId"));
  counters.count(call("sts", "AssumeRole", 403, "AccessDenied"));
  counters.count(call("iam", "CreateUser", 500, "ServiceFailure"));
  counters.count(call("oidc", "", 200));
  counters.count(call("ec2", "RunInstances", 403, "UnauthorizedOperation"));
  EXPECT_EQ(text(counters),
            "ec2 RunInstances denied 1\n"
            "iam CreateUser server_error 1\n"
            "other other success 1\n"
            "sts AssumeRole denied 1\n"
            "sts GetCallerIdentity success 2\n"
            "sts GetCallerIdentity client_error 1\n");
}

TEST(CallCounters, WhatCallersMakeUpIsOne) {
  CallCounters counters;
  for (int i = 0; i < 100; ++i) {
    counters.count(call("sts", "Action" + std::to_string(i), 400, "InvalidAction"));
    counters.count(call("service" + std::to_string(i), "GetObject", 501, "NotImplemented"));
  }
  EXPECT_EQ(text(counters), "other other server_error 100\nsts other client_error 100\n");
}

}  // namespace
}  // namespace imdsd::gateway
