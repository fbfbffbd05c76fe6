// SPDX-License-Identifier: MIT
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/xml_writer.h"
#include "iam/simulate.h"

namespace imdsd::iam::api {

/// An action on one of the resources that were asked for.
struct ResourceResult {
  std::string resource;  // ARN, or "*"
  SimulationResult result;
};

/// What is inside of an EvaluationResult: there is one for each action, whose decision is the
/// strictest of all resources; what each has is in its ResourceSpecificResults. `results` is not
/// empty.
void write_evaluation_result(base::XmlWriter& xml, std::string_view action,
                             std::span<const ResourceResult> results, std::string_view partition);

}  // namespace imdsd::iam::api
