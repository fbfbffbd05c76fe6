// SPDX-License-Identifier: MIT
#include "iam/transaction.h"

namespace imdsd::iam {
namespace {

/// PRECONDITION: entities are made in accounts with valid ids only.
aws::AccountId account_id(std::string_view account) {
  return aws::AccountId::parse(account).value();
}

bool is_taken(const Directory& directory, std::string_view id) {
  return directory.find_by_id<User>(id) || directory.find_by_id<Group>(id) ||
         directory.find_by_id<Role>(id) || directory.find_by_id<ManagedPolicy>(id) ||
         directory.find_by_id<InstanceProfile>(id);
}

}  // namespace

std::string Transaction::new_unique_id(aws::IdPrefix prefix, std::string_view account) {
  std::string id = aws::make_unique_id(prefix, account_id(account), random_);
  // 44 random bits: among 100,000 one pair in three thousand directories.
  while (is_taken(directory_, id)) {
    id = aws::make_unique_id(prefix, account_id(account), random_);
  }
  return id;
}

std::string Transaction::new_access_key_id(std::string_view account) {
  std::string id = aws::make_access_key_id(aws::IdPrefix::AKIA, account_id(account), random_);
  // 39 random bits: with 100,000 keys a new id is taken once in five million times.
  while (directory_.find_access_key(id)) {
    id = aws::make_access_key_id(aws::IdPrefix::AKIA, account_id(account), random_);
  }
  return id;
}

void Transaction::put_any(AnyEntity entity) {
  directory_.put(entity);
  changes_.push_back({std::move(entity), false});
}

void Transaction::erase_any(AnyEntity entity) {
  directory_.erase(entity);
  changes_.push_back({std::move(entity), true});
}

}  // namespace imdsd::iam
