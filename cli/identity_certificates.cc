// SPDX-License-Identifier: MIT
#include "cli/identity_certificates.h"

#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace imdsd::cli {
namespace {

using base::Errc;
using base::fail;
using base::Result;
using Json = nlohmann::ordered_json;

struct Entry {
  std::string type, algorithm, pem;
};

struct Answer {
  Json json;  // with the chosen certificates alone
  std::string region;
  std::vector<Entry> entries;
};

Result<Answer> parse(std::string_view body, std::string_view type) {
  Answer out;
  std::vector<std::string> known;
  try {
    out.json = Json::parse(body);
    out.region = out.json.at("region").get<std::string>();
    Json chosen = Json::array();
    for (const Json& each : out.json.at("certificates")) {
      Entry entry{each.at("type").get<std::string>(), each.at("algorithm").get<std::string>(),
                  each.at("pem").get<std::string>()};
      known.push_back(entry.type);
      if (!type.empty() && entry.type != type) continue;
      chosen.push_back(each);
      out.entries.push_back(std::move(entry));
    }
    out.json["certificates"] = std::move(chosen);
  } catch (const Json::exception&) {
    return fail(Errc::corrupt, "the daemon's answer is not understood");
  }
  if (!out.entries.empty()) return out;
  std::string names;
  for (const auto& name : known) names += (names.empty() ? "`" : ", `") + name + "`";
  return fail(Errc::invalid_argument,
              "there is no type `" + std::string(type) + "`: use one of " + names);
}

}  // namespace

Result<std::string> identity_certificates_text(std::string_view body, std::string_view type) {
  IMDSD_TRY(const auto answer, parse(body, type));
  std::string text;
  for (const Entry& entry : answer.entries) {
    text += "# " + answer.region + " " + entry.type + ": " + entry.algorithm + "\n" + entry.pem;
  }
  return text;
}

Result<std::string> identity_certificates_json(std::string_view body, std::string_view type) {
  IMDSD_TRY(const auto answer, parse(body, type));
  return answer.json.dump() + "\n";
}

}  // namespace imdsd::cli
