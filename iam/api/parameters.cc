// SPDX-License-Identifier: MIT
#include "iam/api/parameters.h"

#include <algorithm>

#include "aws/parameter_check.h"
#include "aws/tag_text.h"
#include "iam/api/shape_pattern.h"
#include "iam/names.h"

namespace imdsd::iam::api {
namespace {

using aws::ServiceError;

constexpr std::size_t kMaxDocument = 131'072;
constexpr std::size_t kMaxTags = 50, kMaxTagKey = 128, kMaxTagValue = 256;

/// "RoleName" as errors print it: "roleName".
std::string member_name(std::string_view name) {
  std::string out(name);
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] + 32);
  return out;
}

ServiceError validation_error(std::string message) {
  return {400, "ValidationError", std::move(message)};
}

ServiceError bad_value(std::string_view name, std::string_view rule) {
  return validation_error("The specified value for " + member_name(name) + " is invalid. It must " +
                          std::string(rule));
}

/// Violations of the service's own kind, each an error by itself.
std::optional<ServiceError> check_own_rules(const Parameter& parameter, std::string_view value) {
  switch (parameter.shape) {
    case Shape::name:
      if (is_name(value)) return std::nullopt;
      return bad_value(parameter.name,
                       "contain only alphanumeric characters and/or the following: +=,.@_-");
    case Shape::path:
    case Shape::policy_path:
      // One that is too long only violates the model.
      if (aws::character_count(value) > parameter.max) return std::nullopt;
      if (parameter.shape == Shape::path ? is_path(value) : is_policy_path(value)) {
        return std::nullopt;
      }
      return bad_value(parameter.name,
                       "begin and end with / and contain only alphanumeric characters and/or / "
                       "characters.");
    case Shape::path_prefix:
    case Shape::policy_path_prefix:
      // Of policies a prefix is a whole path, by the API model and in what AWS answers; of users,
      // groups, roles and instance profiles it may end anywhere.
      if (parameter.shape == Shape::path_prefix ? value.starts_with('/') : is_policy_path(value)) {
        return std::nullopt;
      }
      return bad_value(parameter.name,
                       "begin with the / character and contain only alphanumeric characters and/or "
                       "/ characters.");
    case Shape::document:
      if (is_document_text(value)) return std::nullopt;
      // AWS says ASCII, and takes U+00A1 to U+00FF, too.
      return bad_value(parameter.name, "contain only printable ASCII characters.");
    default:
      return std::nullopt;
  }
}

aws::TextRule text_rule(const Parameter& parameter, std::string_view member) {
  const ShapePattern pattern = pattern_of(parameter.shape);
  return {.member = member,
          .required = true,
          .min_length = parameter.min,
          .max_length = parameter.max,
          .pattern = pattern.printed,
          .matches = pattern.matches};
}

std::optional<ServiceError> check_tags(const std::vector<Tag>& tags) {
  aws::ParameterCheck check(aws::PrintedValues::hidden);
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const std::string at = "tags." + std::to_string(i + 1) + ".member.";
    const std::string key = at + "key", value = at + "value";
    check.text({key, true, 1, kMaxTagKey, aws::kTagKeyPattern, aws::is_tag_text}, tags[i].key);
    check.text({value, true, 0, kMaxTagValue, aws::kTagValuePattern, aws::is_tag_text},
               tags[i].value);
  }
  return check.error();
}

/// Collects what the model's constraints say, and stops at what has an error of its own.
class Checker {
 public:
  std::optional<ServiceError> run(std::span<const Use> uses,
                                  const aws::QueryParameters& parameters) {
    for (const Use& use : uses) {
      if (auto error = check(use, parameters)) return error;
    }
    return check_.error();
  }

 private:
  std::optional<ServiceError> check(const Use& use, const aws::QueryParameters& parameters) {
    const Parameter& parameter = *use.parameter;
    if (is_list(parameter.shape)) return check_list(use, parameters);
    const auto value = parameters.get(parameter.name);
    if (!value || (value->empty() && parameter.min > 0 && !use.required)) {
      if (!use.required) return std::nullopt;
      return ServiceError{
          400, "MissingParameter",
          "The request must contain the parameter " + std::string(parameter.name) + "."};
    }
    const std::string& member = members_.emplace_back(member_name(parameter.name));
    switch (parameter.shape) {
      case Shape::boolean:
        if (*value == "true" || *value == "false") return std::nullopt;
        return ServiceError{400, "MalformedInput", std::nullopt};
      case Shape::integer: {
        const auto number = aws::parse_integer(*value);
        if (!number) return number.error();
        check_.range(member, *number, static_cast<std::int32_t>(parameter.min),
                     static_cast<std::int32_t>(parameter.max));
        return std::nullopt;
      }
      case Shape::one_of:
        check_.one_of(member, *value, parameter.values);
        return std::nullopt;
      default:
        check_.text(text_rule(parameter, member), value);
        return value->empty() ? std::nullopt : check_own_rules(parameter, *value);
    }
  }

  static bool is_list(Shape shape) {
    return shape == Shape::tags || shape == Shape::tag_keys || shape == Shape::strings ||
           shape == Shape::entries;
  }

  std::optional<ServiceError> check_list(const Use& use, const aws::QueryParameters& parameters) {
    const Parameter& parameter = *use.parameter;
    const std::size_t count = parameters.list(parameter.name).size();
    if (count == 0 && use.required) {
      return ServiceError{
          400, "MissingParameter",
          "The request must contain the parameter " + std::string(parameter.name) + "."};
    }
    if (count > parameter.max) {
      const std::string& member = members_.emplace_back(member_name(parameter.name));
      check_.longer_than(member, parameter.max);
    }
    if (parameter.shape == Shape::tags) return check_tags(read_tags(parameters));
    if (parameter.item_max > 0) check_items(parameter, read_strings(parameters, parameter.name));
    return std::nullopt;
  }

  /// Unlike of tags, AWS tells neither which member is bad nor in what: it names all constraints.
  void check_items(const Parameter& parameter, const std::vector<std::string>& items) {
    const ShapePattern pattern = pattern_of(parameter.shape);
    const bool good = std::ranges::all_of(items, [&](const std::string& item) {
      const std::size_t length = aws::character_count(item);
      return length >= parameter.item_min && length <= parameter.item_max && pattern.matches(item);
    });
    if (good) return;
    std::vector<std::string> constraints{
        "have length less than or equal to " + std::to_string(parameter.item_max),
        "have length greater than or equal to " + std::to_string(parameter.item_min)};
    if (parameter.shape == Shape::tag_keys) {
      constraints.push_back("satisfy regular expression pattern: " + std::string(pattern.printed));
      constraints.emplace_back("not be null");
    }
    const std::string& member = members_.emplace_back(member_name(parameter.name));
    check_.bad_members(member, constraints);
  }

  aws::ParameterCheck check_{aws::PrintedValues::hidden};
  std::vector<std::string> members_;
};

}  // namespace

std::optional<ServiceError> check_parameters(std::span<const Use> uses,
                                             const aws::QueryParameters& parameters) {
  return Checker().run(uses, parameters);
}

bool read_boolean(const aws::QueryParameters& parameters, std::string_view name, bool fallback) {
  const auto value = parameters.get(name);
  return value ? *value == "true" : fallback;
}

std::int32_t read_integer(const aws::QueryParameters& parameters, std::string_view name,
                          std::int32_t fallback) {
  const auto value = parameters.get(name);
  return value && !value->empty() ? aws::parse_integer(*value).value_or(fallback) : fallback;
}

std::vector<std::string> read_strings(const aws::QueryParameters& parameters,
                                      std::string_view name) {
  std::vector<std::string> out;
  for (const auto& member : parameters.list(name)) out.emplace_back(member.get("").value_or(""));
  return out;
}

std::vector<Tag> read_tags(const aws::QueryParameters& parameters) {
  std::vector<Tag> out;
  for (const auto& member : parameters.list("Tags")) {
    out.push_back({std::string(member.get("Key").value_or("")),
                   std::string(member.get("Value").value_or(""))});
  }
  return out;
}

constinit const Parameter kUserName{"UserName", Shape::name, 1, kMaxName};
constinit const Parameter kNewUserName{"NewUserName", Shape::name, 1, kMaxUserName};
constinit const Parameter kCreatedUserName{"UserName", Shape::name, 1, kMaxUserName};
constinit const Parameter kGroupName{"GroupName", Shape::name, 1, kMaxName};
constinit const Parameter kNewGroupName{"NewGroupName", Shape::name, 1, kMaxName};
constinit const Parameter kRoleName{"RoleName", Shape::name, 1, kMaxRoleName};
constinit const Parameter kInstanceProfileName{"InstanceProfileName", Shape::name, 1, kMaxName};
constinit const Parameter kPolicyName{"PolicyName", Shape::name, 1, kMaxName};
constinit const Parameter kPolicyArn{"PolicyArn", Shape::arn, 20, 2048};
constinit const Parameter kPath{"Path", Shape::path, 1, kMaxPath};
constinit const Parameter kNewPath{"NewPath", Shape::path, 1, kMaxPath};
constinit const Parameter kPolicyPath{"Path", Shape::policy_path, 1, kMaxPath};
constinit const Parameter kPathPrefix{"PathPrefix", Shape::path_prefix, 1, kMaxPath};
constinit const Parameter kPolicyPathPrefix{"PathPrefix", Shape::policy_path_prefix, 1, kMaxPath};
constinit const Parameter kPolicyDocument{"PolicyDocument", Shape::document, 1, kMaxDocument};
constinit const Parameter kAssumeRolePolicyDocument{"AssumeRolePolicyDocument", Shape::document, 1,
                                                    kMaxDocument};
constinit const Parameter kDescription{"Description", Shape::text, 0, 1000};
constinit const Parameter kRoleDescription{"Description", Shape::description, 0, 1000};
constinit const Parameter kPermissionsBoundary{"PermissionsBoundary", Shape::arn, 20, 2048};
constinit const Parameter kTags{"Tags", Shape::tags, 0, kMaxTags};
constinit const Parameter kTagKeys{"TagKeys", Shape::tag_keys, 0, kMaxTags, {}, 1, kMaxTagKey};
constinit const Parameter kMarker{"Marker", Shape::marker, 1, 320};
constinit const Parameter kMaxItems{"MaxItems", Shape::integer, 1, 1000};
constinit const Parameter kAccessKeyId{"AccessKeyId", Shape::key_id, 16, 128};
constinit const Parameter kSerialNumber{"SerialNumber", Shape::serial, 9, 256};

}  // namespace imdsd::iam::api
