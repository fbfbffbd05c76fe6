// SPDX-License-Identifier: MIT
#include "store/entity_rows.h"

#include <algorithm>
#include <utility>

#include "base/codec.h"
#include "iam/entity_codec.h"

namespace imdsd::store {
namespace {

const iam::Entity& entity_of(const iam::AnyEntity& any) {
  return std::visit([](const auto& entity) -> const iam::Entity& { return *entity; }, any);
}

}  // namespace

base::Result<EntityRows::Pairs> EntityRows::Pairs::prepare(Connection& connection,
                                                           const std::string& table,
                                                           const std::string& column) {
  Pairs pairs;
  IMDSD_TRY(pairs.select,
            connection.prepare("SELECT " + column + " FROM " + table + " WHERE user_id = ?1"));
  IMDSD_TRY(pairs.insert, connection.prepare("INSERT INTO " + table + " (user_id, " + column +
                                             ") VALUES (?1, ?2)"));
  IMDSD_TRY(pairs.remove, connection.prepare("DELETE FROM " + table + " WHERE user_id = ?1 AND " +
                                             column + " = ?2"));
  return pairs;
}

base::Result<EntityRows> EntityRows::prepare(Connection& connection) {
  EntityRows rows(connection);
  // An index is written when a column of it is assigned, even to what it was: the usual change, of
  // the body alone, is tried first.
  IMDSD_TRY(rows.update_,
            connection.prepare("UPDATE entity SET body = ?5 WHERE id = ?1 AND kind = ?2 AND "
                               "account = ?3 AND name_key = ?4"));
  IMDSD_TRY(rows.upsert_,
            connection.prepare(
                "INSERT INTO entity (id, kind, account, name_key, body) VALUES (?1, ?2, ?3, ?4, "
                "?5) ON CONFLICT (id) DO UPDATE SET kind = ?2, account = ?3, name_key = ?4, body "
                "= ?5"));
  IMDSD_TRY(rows.erase_, connection.prepare("DELETE FROM entity WHERE id = ?1"));
  IMDSD_TRY(rows.keys_, Pairs::prepare(connection, "access_key", "id"));
  IMDSD_TRY(rows.memberships_, Pairs::prepare(connection, "membership", "group_id"));
  return rows;
}

base::Result<void> EntityRows::apply(const iam::Change& change) {
  if (!change.erased) return put(change.entity);
  return erase_.bind(1, entity_of(change.entity).unique_id).run();
}

base::Result<void> EntityRows::put(const iam::AnyEntity& any) {
  const iam::Entity& entity = entity_of(any);
  const std::string name_key = base::to_lower(entity.name);
  const std::string body = iam::encode_entity(any);
  const auto run = [&](Statement& statement) {
    return statement.bind(1, entity.unique_id)
        .bind(2, iam::kind_of(any))
        .bind(3, entity.account)
        .bind(4, name_key)
        .bind(5, body)
        .run();
  };
  IMDSD_TRY_VOID(run(update_));
  if (connection_->changes() == 0) IMDSD_TRY_VOID(run(upsert_));
  const auto* const user = std::get_if<std::shared_ptr<const iam::User>>(&any);
  if (user == nullptr) return {};
  IMDSD_TRY_VOID(put_keys(**user));
  return put_memberships(**user);
}

base::Result<void> EntityRows::put_keys(const iam::User& user) {
  std::vector<std::string> ids;
  for (const iam::AccessKey& key : user.access_keys) ids.push_back(key.id);
  return keys_.replace(user.unique_id, std::move(ids));
}

base::Result<void> EntityRows::put_memberships(const iam::User& user) {
  std::vector<std::string> ids;
  for (const iam::Membership& membership : user.groups) ids.push_back(membership.group_id);
  return memberships_.replace(user.unique_id, std::move(ids));
}

base::Result<void> EntityRows::Pairs::replace(std::string_view user_id,
                                              std::vector<std::string> wanted) {
  std::vector<std::string> gone;
  select.bind(1, user_id);
  auto row = select.step();
  for (; row && *row; row = select.step()) {
    std::string there(select.text(0));
    if (std::erase(wanted, there) == 0) gone.push_back(std::move(there));
  }
  select.reset();
  if (!row) return tl::unexpected(std::move(row).error());
  for (const std::string& other : gone) {
    IMDSD_TRY_VOID(remove.bind(1, user_id).bind(2, other).run());
  }
  for (const std::string& other : wanted) {
    IMDSD_TRY_VOID(insert.bind(1, user_id).bind(2, other).run());
  }
  return {};
}

}  // namespace imdsd::store
