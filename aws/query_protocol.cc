// SPDX-License-Identifier: MIT
#include "aws/query_protocol.h"

#include <charconv>
#include <map>

#include "aws/query_string.h"
#include "base/codec.h"
#include "base/xml_writer.h"

namespace imdsd::aws {
namespace {

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";
// Far above every documented request; bounds what a 10 MB body of `a&a&a…` can make us allocate.
constexpr std::size_t kMaxParameters = 10'000;
constexpr std::size_t kMaxIndexDigits = 9;

base::Result<std::string> decode_text(std::string_view raw) {
  IMDSD_TRY(std::string text, base::form_decode(raw));
  if (!base::is_valid_utf8(text)) {
    return base::fail(base::Errc::invalid_argument, "parameter is not UTF-8");
  }
  return text;
}

// "12.Key" → 12 and "Key"; "12" → 12 and "".
struct MemberName {
  unsigned index;
  std::string_view rest;
};

std::optional<MemberName> split_member(std::string_view name) {
  const std::string_view digits = name.substr(0, name.find('.'));
  if (digits.size() > kMaxIndexDigits) return std::nullopt;
  unsigned index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return MemberName{index, digits.size() == name.size() ? "" : name.substr(digits.size() + 1)};
}

bool is_form(const base::HttpRequest& request) {
  const auto type = request.headers.get("content-type");
  if (!type) return false;
  return base::equals_ignoring_case(base::trim(type->substr(0, type->find(';'))), kFormType);
}

}  // namespace

base::Result<QueryParameters> QueryParameters::parse(std::string_view form) {
  QueryParameters parameters;
  while (const auto raw = next_parameter(form)) {
    if (parameters.pairs_.size() == kMaxParameters) {
      return base::fail(base::Errc::too_large, "more than 10000 parameters");
    }
    IMDSD_TRY(std::string name, decode_text(raw->name));
    IMDSD_TRY(std::string value, decode_text(raw->value));
    parameters.pairs_.emplace_back(std::move(name), std::move(value));
  }
  return parameters;
}

std::optional<std::string_view> QueryParameters::get(std::string_view name) const {
  for (const auto& [key, value] : pairs_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::vector<QueryParameters> QueryParameters::list(std::string_view prefix) const {
  return members_below(std::string(prefix) + ".member.");
}

std::vector<QueryParameters> QueryParameters::numbered(std::string_view prefix) const {
  return members_below(std::string(prefix) + ".");
}

std::vector<QueryParameters> QueryParameters::members_below(const std::string& start) const {
  std::map<unsigned, QueryParameters> members;
  for (const auto& [name, value] : pairs_) {
    if (!name.starts_with(start)) continue;
    const auto member = split_member(std::string_view(name).substr(start.size()));
    if (member) members[member->index].pairs_.emplace_back(member->rest, value);
  }
  std::vector<QueryParameters> found;
  found.reserve(members.size());
  for (auto& [index, member] : members) found.push_back(std::move(member));
  return found;
}

base::Result<QueryParameters> query_parameters(const base::HttpRequest& request) {
  if (request.method == "POST" && is_form(request)) return QueryParameters::parse(request.body);
  if (request.method == "GET") return QueryParameters::parse(request.query());
  return QueryParameters();
}

std::string error_xml(const ServiceError& error, std::string_view xmlns,
                      std::string_view request_id) {
  base::XmlWriter xml;
  xml.open("ErrorResponse", xmlns).open("Error");
  xml.leaf("Type", error.fault == ServiceError::Fault::sender ? "Sender" : "Receiver");
  xml.leaf("Code", error.code);
  if (error.message) xml.leaf("Message", *error.message);
  xml.close().leaf("RequestId", request_id).close();
  return xml.take();
}

}  // namespace imdsd::aws
