// SPDX-License-Identifier: MIT
#include "iam/condition_key_table.h"

#include <algorithm>
#include <array>

namespace imdsd::iam {
namespace {

/// A name that ends with a slash stands for all keys below it.
constexpr std::array<std::string_view, 22> kFilledKeys{
    "aws:currenttime",
    "aws:epochtime",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalisawsservice",
    "aws:principalservicename",
    "aws:principaltag/",
    "aws:principaltype",
    "aws:requestedregion",
    "aws:securetransport",
    "aws:sourceidentity",
    "aws:sourceip",
    "aws:tokenissuetime",
    "aws:useragent",
    "aws:userid",
    "aws:username",
    "ec2:roledelivery",
    "ec2:sourceinstancearn",
    "sts:externalid",
    "sts:rolesessionname",
};

}  // namespace

bool is_filled_condition_key(std::string_view key) {
  return std::any_of(kFilledKeys.begin(), kFilledKeys.end(), [&](std::string_view known) {
    return known.ends_with('/') ? key.starts_with(known) && key.size() > known.size()
                                : key == known;
  });
}

}  // namespace imdsd::iam
