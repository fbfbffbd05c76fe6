// SPDX-License-Identifier: MIT
#include "cli/policy.h"

#include <nlohmann/json.hpp>

#include "base/codec.h"
#include "base/printable.h"

namespace imdsd::cli {

using base::Errc;
using base::fail;
using base::Result;

Result<std::string> policy_target(const std::vector<std::string>& arguments) {
  constexpr const char* kUsage = "use `policy generate --from-audit PRINCIPAL`";
  if (arguments.empty() || arguments.front() != "generate") {
    return fail(Errc::invalid_argument, kUsage);
  }
  std::string principal, more;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& text = arguments[i];
    constexpr std::string_view kFrom = "--from-audit";
    if (text == kFrom && i + 1 < arguments.size()) {
      principal = arguments[++i];
    } else if (text.starts_with(std::string(kFrom) + "=")) {
      principal = text.substr(kFrom.size() + 1);
    } else if (text == "--denied" || text == "--exact") {
      more += "&" + text.substr(2) + "=true";
    } else if (text == kFrom) {
      return fail(Errc::invalid_argument, "`--from-audit` needs the ARN of a principal");
    } else {
      return fail(Errc::invalid_argument, "unknown argument `" + text + "`");
    }
  }
  if (principal.empty()) return fail(Errc::invalid_argument, kUsage);
  return "/v1/policy?principal=" + base::percent_encode(principal) + more;
}

Result<PolicyText> policy_text(std::string_view body) {
  try {
    const auto json = nlohmann::ordered_json::parse(body);
    PolicyText out{json.at("policy").dump(2) + "\n", ""};
    for (const auto& note : json.at("notes")) {
      out.notes += "imdsctl: note: " + base::printable(note.get<std::string>()) + "\n";
    }
    return out;
  } catch (const nlohmann::json::exception&) {
    return fail(Errc::corrupt, "the daemon's answer is not understood");
  }
}

}  // namespace imdsd::cli
