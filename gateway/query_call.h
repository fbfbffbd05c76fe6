// SPDX-License-Identifier: MIT
// What all Query services have in common: what is learnt of a call, and who is told of it.
#pragma once

#include <string_view>

#include "gateway/exchange.h"
#include "iam/action_answer.h"
#include "iam/caller.h"

namespace imdsd::gateway {

/// Into the record, as far as it goes.
void note_action(Exchange& exchange, std::string_view action);
/// Into the record. AWS also tells when a key, and when a role, was last used
/// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html).
void note_caller(Exchange& exchange, const iam::Caller& caller);
/// Of the decision, into the record. What is noted is moved out of the answer.
void note_answer(Exchange& exchange, iam::ActionAnswer& answer);

/// An action that AWS may have and this does not: told once, so that its absence is noticed.
void log_unknown_action(const AuditRecord& record);

}  // namespace imdsd::gateway
