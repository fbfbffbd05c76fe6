// SPDX-License-Identifier: MIT
#include "iam/condition_key_table.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace imdsd::iam {
namespace {

constexpr std::array<std::string_view, 6> kOurPrefixes{"aws", "ec2", "iam", "s3", "saml", "sts"};

/// A name that ends with a slash or a colon stands for all keys below it. Names and spelling:
/// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
constexpr std::string_view kFilledKeys[] = {
    "aws:assumedroot",
    "aws:currenttime",
    "aws:ec2instancesourceprivateipv4",
    "aws:ec2instancesourcevpc",
    "aws:epochtime",
    "aws:federatedprovider",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalservicename",
    "aws:principaltag/",
    "aws:principaltype",
    "aws:referer",
    "aws:requestedregion",
    "aws:requesttag/",
    "aws:resourceaccount",
    "aws:resourcetag/",
    "aws:securetransport",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceidentity",
    "aws:sourceip",
    "aws:tagkeys",
    "aws:tokenissuetime",
    "aws:useragent",
    "aws:userid",
    "aws:username",
    "aws:viaawsservice",
    "ec2:attribute",
    "ec2:attribute/",
    "ec2:availabilityzone",
    "ec2:createaction",
    "ec2:ebsoptimized",
    "ec2:imageid",
    "ec2:imagetype",
    "ec2:instanceid",
    "ec2:instancemarkettype",
    "ec2:instancemetadatatags",
    "ec2:instanceprofile",
    "ec2:instancetype",
    "ec2:metadatahttpendpoint",
    "ec2:metadatahttpputresponsehoplimit",
    "ec2:metadatahttptokens",
    "ec2:newinstanceprofile",
    "ec2:region",
    "ec2:resourcetag/",
    "ec2:roledelivery",
    "ec2:rootdevicetype",
    "ec2:sourceinstancearn",
    "ec2:tenancy",
    "iam:associatedresourcearn",
    "iam:awsservicename",
    "iam:passedtoservice",
    "iam:permissionsboundary",
    "iam:policyarn",
    "iam:resourcetag/",
    "s3:authtype",
    "s3:delimiter",
    "s3:existingobjecttag/",
    "s3:if-match",
    "s3:if-none-match",
    "s3:locationconstraint",
    "s3:max-keys",
    "s3:objectcreationoperation",
    "s3:prefix",
    "s3:requestobjecttag/",
    "s3:requestobjecttagkeys",
    "s3:resourceaccount",
    "s3:signatureage",
    "s3:signatureversion",
    "s3:tlsversion",
    "s3:versionid",
    "s3:x-amz-acl",
    "s3:x-amz-content-sha256",
    "s3:x-amz-copy-source",
    "s3:x-amz-metadata-directive",
    "s3:x-amz-object-ownership",
    "s3:x-amz-server-side-encryption",
    "s3:x-amz-storage-class",
    "s3:x-amz-website-redirect-location",
    "saml:",
    "sts:durationseconds",
    "sts:externalid",
    "sts:identitytokenaudience",
    "sts:requestcontextproviders",
    "sts:rolesessionname",
    "sts:signingalgorithm",
    "sts:sourceidentity",
    "sts:taskpolicyarn",
    "sts:transitivetagkeys",
};

}  // namespace

bool is_never_filled(std::string_view key) {
  const std::size_t colon = key.find(':');
  if (colon == std::string_view::npos) return true;
  const bool is_ours = std::find(kOurPrefixes.begin(), kOurPrefixes.end(), key.substr(0, colon)) !=
                       kOurPrefixes.end();
  return is_ours &&
         std::none_of(std::begin(kFilledKeys), std::end(kFilledKeys), [&](std::string_view known) {
           const bool is_family = known.ends_with('/') || known.ends_with(':');
           return is_family ? key.starts_with(known) && key.size() > known.size() : key == known;
         });
}

}  // namespace imdsd::iam
