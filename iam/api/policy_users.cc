// SPDX-License-Identifier: MIT
#include "iam/api/policy_users.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/codec.h"
#include "iam/api/errors.h"
#include "iam/api/find.h"
#include "iam/api/paging.h"

namespace imdsd::iam::api {
namespace {

constexpr std::array<std::string_view, 5> kEntityFilters{"User", "Role", "Group",
                                                         "LocalManagedPolicy", "AWSManagedPolicy"};
constexpr std::array<std::string_view, 2> kUsageFilters{"PermissionsPolicy", "PermissionsBoundary"};

/// One of the three lists of the answer, and how it stands in the filter and in its members.
struct Kind {
  std::string_view list, filter, name_member, id_member;
};
// Also the order in which pages go through them.
constexpr std::array kKinds{Kind{"PolicyGroups", "Group", "GroupName", "GroupId"},
                            Kind{"PolicyUsers", "User", "UserName", "UserId"},
                            Kind{"PolicyRoles", "Role", "RoleName", "RoleId"}};

class UserList {
 public:
  UserList(const Call& call, const ManagedPolicy& policy) : call_(call), policy_(policy) {}

  /// In the order of their keys, which begin with the kind's place in kKinds.
  std::vector<PageItem> items() {
    for (const std::string& id : ids()) {
      add<Group>(0, id);
      add<User>(1, id);
      add<Role>(2, id);
    }
    std::ranges::sort(items_, {}, &PageItem::key);
    return std::move(items_);
  }

 private:
  [[nodiscard]] std::set<std::string> ids() const {
    const std::string arn = call_.arn(policy_);
    std::set<std::string> ids;
    if (takes_use(call_, PolicyUse::permissions)) {
      for (auto& id : call_.directory->attached_ids(call_.account(), arn)) ids.insert(id);
    }
    if (takes_use(call_, PolicyUse::boundary)) {
      for (auto& id : call_.directory->boundary_ids(call_.account(), arn)) ids.insert(id);
    }
    return ids;
  }

  /// EntityFilter may also ask for a kind of policy, which no entity is.
  [[nodiscard]] bool takes(std::string_view filter) const {
    const std::string wanted = call_.text("EntityFilter");
    return wanted.empty() || wanted == filter;
  }

  template <class T>
  void add(std::size_t kind, const std::string& id) {
    const auto entity = call_.directory->find_by_id<T>(id);
    if (!entity || !takes(kKinds[kind].filter) ||
        !entity->path.starts_with(call_.text("PathPrefix"))) {
      return;
    }
    items_.push_back(
        {std::to_string(kind) + base::to_lower(entity->name), [kind, entity](base::XmlWriter& xml) {
           xml.leaf(kKinds[kind].name_member, entity->name)
               .leaf(kKinds[kind].id_member, entity->unique_id);
         }});
  }

  const Call& call_;
  const ManagedPolicy& policy_;
  std::vector<PageItem> items_;
};

}  // namespace

constinit const Parameter kEntityFilter{"EntityFilter", Shape::one_of, 0, 0, kEntityFilters};
constinit const Parameter kPolicyUsageFilter{"PolicyUsageFilter", Shape::one_of, 0, 0,
                                             kUsageFilters};

bool takes_use(const Call& call, PolicyUse use) {
  const std::string wanted = call.text("PolicyUsageFilter");
  return wanted.empty() || wanted == kUsageFilters[static_cast<std::size_t>(use)];
}

aws::Outcome<void> list_entities_for_policy(Call& call) {
  const auto policy = find_policy(call, *call.directory);
  if (!policy && policy.error().code == "NoSuchEntity") {
    return no_such_entity("Policy " + call.text("PolicyArn") +
                          " does not exist or is not attachable.");
  }
  if (!policy) return tl::unexpected(policy.error());
  auto request = read_page(call);
  if (!request) return tl::unexpected(std::move(request).error());
  const std::vector<PageItem> items = UserList(call, **policy).items();
  const Page page = page_of(items, *request);
  auto rest = page.items;
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
    const auto end = std::ranges::find_if(rest, [&](const PageItem& item) {
      return item.key.front() != static_cast<char>('0' + kind);
    });
    const auto count = static_cast<std::size_t>(end - rest.begin());
    call.xml.open(kKinds[kind].list);
    write_members(call, rest.first(count));
    call.xml.close();
    rest = rest.subspan(count);
  }
  write_page_end(call, page);
  return {};
}

}  // namespace imdsd::iam::api
