// SPDX-License-Identifier: MIT
#include "s3/operation.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "aws/query_string.h"
#include "base/codec.h"
#include "s3/errors.h"

namespace imdsd::s3 {
namespace {

using enum Operation;
using aws::S3Error;
using Kind = ResourceKind;

struct Route {
  Kind target;  // what the path names
  std::string_view subresource, method;
  Operation operation;
};

// Without those that more than the subresource tells apart.
constexpr std::array kRoutes{
    Route{Kind::service, "", "GET", list_buckets},
    Route{Kind::bucket, "", "GET", list_objects},
    Route{Kind::bucket, "", "PUT", create_bucket},
    Route{Kind::bucket, "", "HEAD", head_bucket},
    Route{Kind::bucket, "", "DELETE", delete_bucket},
    Route{Kind::bucket, "acl", "GET", get_bucket_acl},
    Route{Kind::bucket, "delete", "POST", delete_objects},
    Route{Kind::bucket, "encryption", "GET", get_bucket_encryption},
    Route{Kind::bucket, "location", "GET", get_bucket_location},
    Route{Kind::bucket, "ownershipControls", "GET", get_bucket_ownership_controls},
    Route{Kind::bucket, "ownershipControls", "PUT", put_bucket_ownership_controls},
    Route{Kind::bucket, "ownershipControls", "DELETE", delete_bucket_ownership_controls},
    Route{Kind::bucket, "policy", "GET", get_bucket_policy},
    Route{Kind::bucket, "policy", "PUT", put_bucket_policy},
    Route{Kind::bucket, "policy", "DELETE", delete_bucket_policy},
    Route{Kind::bucket, "policyStatus", "GET", get_bucket_policy_status},
    Route{Kind::bucket, "publicAccessBlock", "GET", get_public_access_block},
    Route{Kind::bucket, "publicAccessBlock", "PUT", put_public_access_block},
    Route{Kind::bucket, "publicAccessBlock", "DELETE", delete_public_access_block},
    Route{Kind::bucket, "tagging", "GET", get_bucket_tagging},
    Route{Kind::bucket, "tagging", "PUT", put_bucket_tagging},
    Route{Kind::bucket, "tagging", "DELETE", delete_bucket_tagging},
    Route{Kind::bucket, "uploads", "GET", list_multipart_uploads},
    Route{Kind::bucket, "versioning", "GET", get_bucket_versioning},
    Route{Kind::object, "", "GET", get_object},
    Route{Kind::object, "", "HEAD", head_object},
    Route{Kind::object, "", "PUT", put_object},
    Route{Kind::object, "", "DELETE", delete_object},
    Route{Kind::object, "acl", "GET", get_object_acl},
    Route{Kind::object, "attributes", "GET", get_object_attributes},
    Route{Kind::object, "tagging", "GET", get_object_tagging},
    Route{Kind::object, "tagging", "PUT", put_object_tagging},
    Route{Kind::object, "tagging", "DELETE", delete_object_tagging},
    Route{Kind::object, "uploadId", "GET", list_parts},
    Route{Kind::object, "uploadId", "PUT", upload_part},
    Route{Kind::object, "uploadId", "POST", complete_multipart_upload},
    Route{Kind::object, "uploadId", "DELETE", abort_multipart_upload},
    Route{Kind::object, "uploads", "POST", create_multipart_upload},
};

/// Subresources of S3 that no row is for, whatever the method.
constexpr std::array<std::string_view, 27> kNotImplemented{
    "abac",
    "accelerate",
    "analytics",
    "cors",
    "intelligent-tiering",
    "inventory",
    "legal-hold",
    "lifecycle",
    "logging",
    "metadataConfiguration",
    "metadataInventoryTable",
    "metadataJournalTable",
    "metadataTable",
    "metrics",
    "notification",
    "object-lock",
    "renameObject",
    "replication",
    "requestPayment",
    "restore",
    "retention",
    "select",
    "session",
    "torrent",
    "updateEncryption",
    "versions",
    "website",
};

/// What S3 has of subresources that have rows, for other methods.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kNotImplementedMethods{{
    {"acl", "PUT"},
    {"encryption", "PUT"},
    {"encryption", "DELETE"},
    {"versioning", "PUT"},
}};

Kind target_of(const Address& address) {
  if (address.bucket.empty()) return Kind::service;
  return address.key.empty() ? Kind::bucket : Kind::object;
}

std::string_view resource_type(Kind kind) {
  constexpr std::array<std::string_view, 3> kTypes{"SERVICE", "BUCKET", "OBJECT"};
  return kTypes[static_cast<std::size_t>(kind)];
}

bool is_not_implemented(std::string_view subresource) {
  return std::find(kNotImplemented.begin(), kNotImplemented.end(), subresource) !=
         kNotImplemented.end();
}

bool is_subresource(std::string_view name) {
  if (name.empty()) return false;
  const auto has_it = [name](const Route& route) { return route.subresource == name; };
  return is_not_implemented(name) || std::any_of(kRoutes.begin(), kRoutes.end(), has_it);
}

/// The one that the query names; empty without one.
aws::S3Outcome<std::string> subresource_of(std::string_view query) {
  std::string found;
  while (const auto parameter = aws::next_parameter(query)) {
    auto name = base::form_decode(parameter->name);
    if (!name || !is_subresource(*name) || *name == found) continue;
    if (!found.empty()) {
      return tl::unexpected(invalid_argument(
          "ResourceType", found, "Conflicting query string parameters: " + found + ", " + *name));
    }
    found = *std::move(name);
  }
  return found;
}

const OperationRow& row_of(Operation operation) {
  return operations()[static_cast<std::size_t>(operation)];
}

S3Error no_route(std::string_view method, Kind target, std::string_view subresource) {
  // A form of a browser (API_POST_Object), which has its policy and its signature in fields.
  if (target == Kind::bucket && subresource.empty() && method == "POST") {
    return not_implemented_header("Content-Type");
  }
  if (method == "OPTIONS") {
    return {
        403,
        "AccessForbidden",
        "CORSResponse: CORS is not enabled for this bucket.",
        {{"Method", std::string(method)}, {"ResourceType", std::string(resource_type(target))}}};
  }
  const std::pair pair(subresource, method);
  const bool is_known = std::find(kNotImplementedMethods.begin(), kNotImplementedMethods.end(),
                                  pair) != kNotImplementedMethods.end();
  if (is_known || is_not_implemented(subresource)) return not_implemented_parameter(subresource);
  return method_not_allowed(method, resource_type(target));
}

bool has_parameter(std::string_view query, std::string_view name) {
  return aws::query_value(query, name).has_value();
}

/// Tells apart what a route has in common.
aws::S3Outcome<Operation> refine(Operation operation, const base::HttpRequest& request) {
  const bool is_copy = request.headers.has("x-amz-copy-source");
  const std::string_view query = request.query();
  switch (operation) {
    case list_objects: {
      const auto type = aws::query_value(query, "list-type");
      if (!type) return list_objects;
      if (*type == "2") return list_objects_v2;
      return tl::unexpected(
          invalid_argument("list-type", *type, "Invalid List Type specified in Request"));
    }
    case put_object:
      if (const auto number = aws::query_value(query, "partNumber")) {
        return tl::unexpected(invalid_argument(
            "partNumber", *number, "This operation does not accept partNumber without uploadId"));
      }
      return is_copy ? copy_object : put_object;
    case upload_part:
      if (!has_parameter(query, "partNumber")) {
        return tl::unexpected(invalid_argument("partNumber", "", "Part number must be specified"));
      }
      return is_copy ? upload_part_copy : upload_part;
    default:
      return operation;
  }
}

/// A call of S3 Control, as those of the account's public access block
/// (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_AWS_S3_Control.html): its path
/// would be a bucket's.
bool is_of_control(const base::HttpRequest& request) {
  return request.headers.has("x-amz-account-id") && request.path().starts_with("/v20180820/");
}

bool has_acl(const base::HttpHeaders& headers) {
  const auto& lines = headers.lines();
  return headers.has("x-amz-acl") ||
         std::any_of(lines.begin(), lines.end(), [](const base::HttpHeader& line) {
           return base::to_lower(line.name).starts_with("x-amz-grant-");
         });
}

/// The action on a version of the object in place of that on the object.
std::string_view action_on_version(std::string_view action) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kVersions{{
      {"s3:DeleteObject", "s3:DeleteObjectVersion"},
      {"s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging"},
      {"s3:GetObject", "s3:GetObjectVersion"},
      {"s3:GetObjectAcl", "s3:GetObjectVersionAcl"},
      {"s3:GetObjectTagging", "s3:GetObjectVersionTagging"},
      {"s3:PutObjectTagging", "s3:PutObjectVersionTagging"},
  }};
  for (const auto& [object, version] : kVersions) {
    if (object == action) return version;
  }
  return action;
}

bool makes_object(Operation operation) {
  return operation == put_object || operation == copy_object ||
         operation == create_multipart_upload;
}

}  // namespace

aws::S3Outcome<const OperationRow*> find_operation(const base::HttpRequest& request,
                                                   const Address& address) {
  if (is_of_control(request)) return tl::unexpected(not_implemented_header("x-amz-account-id"));
  IMDSD_TRY(const std::string subresource, subresource_of(request.query()));
  const Kind target = target_of(address);
  const auto found = std::find_if(kRoutes.begin(), kRoutes.end(), [&](const Route& route) {
    return route.target == target && route.subresource == subresource &&
           route.method == request.method;
  });
  if (found == kRoutes.end()) return tl::unexpected(no_route(request.method, target, subresource));
  IMDSD_TRY(const Operation operation, refine(found->operation, request));
  return &row_of(operation);
}

std::vector<std::string_view> actions_of(const OperationRow& row,
                                         const base::HttpRequest& request) {
  if (row.operation == delete_objects) return {};
  const bool is_version =
      row.resource == Kind::object && has_parameter(request.query(), "versionId");
  std::vector<std::string_view> actions{is_version ? action_on_version(row.action) : row.action};
  if (row.operation == get_object_attributes) {
    actions.push_back(is_version ? "s3:GetObjectVersionAttributes" : "s3:GetObjectAttributes");
  }
  if (makes_object(row.operation)) {
    if (has_acl(request.headers)) actions.push_back("s3:PutObjectAcl");
    if (request.headers.has("x-amz-tagging")) actions.push_back("s3:PutObjectTagging");
  }
  if (row.operation == create_bucket) {
    if (has_acl(request.headers)) actions.push_back("s3:PutBucketAcl");
    if (request.headers.has("x-amz-object-ownership")) {
      actions.push_back("s3:PutBucketOwnershipControls");
    }
  }
  return actions;
}

}  // namespace imdsd::s3
