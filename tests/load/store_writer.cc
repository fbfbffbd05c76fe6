// SPDX-License-Identifier: MIT
// Commits transactions as fast as it can, to be killed at it: number N is a group `g-N` and its
// member, the user `u-N`.
//   store_writer PATH          prints each number once it is durable; runs until it is killed
//   store_writer --check PATH  prints the numbers that are there, or what is half there and exits 1
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "iam/directory_service.h"
#include "store/sqlite_store.h"

namespace {

using namespace imdsd;

const std::string kAccount = "123456789012";

template <class T>
T entity(char kind, const std::string& number) {
  T out;
  out.account = kAccount;
  out.name = std::string(1, kind) + "-" + number;
  out.unique_id = out.name;
  return out;
}

std::vector<iam::Change> pair(const std::string& number) {
  auto user = entity<iam::User>('u', number);
  user.groups.push_back({"g-" + number, iam::Origin::api});
  return {{std::make_shared<const iam::User>(std::move(user))},
          {std::make_shared<const iam::Group>(entity<iam::Group>('g', number))}};
}

int fail(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  return 1;
}

base::Result<std::shared_ptr<const iam::Directory>> load(store::SqliteStore& store) {
  IMDSD_TRY(const auto content, store.load());
  return iam::make_directory(content.entities);
}

int write(store::SqliteStore& store) {
  const auto directory = load(store);
  if (!directory) return fail(directory.error().message);
  for (std::size_t next = (*directory)->all<iam::Group>().count(kAccount);; ++next) {
    const std::string number = std::to_string(next);
    if (const auto done = store.commit(pair(number)); !done) return fail(done.error().message);
    std::printf("%s\n", number.c_str());
    std::fflush(stdout);
  }
}

int check(store::SqliteStore& store) {
  const auto directory = load(store);
  if (!directory) return fail(directory.error().message);
  std::size_t pairs = 0;
  (*directory)->all<iam::User>().visit(kAccount, "", [&](const auto& user) {
    if ((*directory)->find_by_id<iam::Group>(user->groups.at(0).group_id)) {
      std::printf("%s\n", user->name.c_str() + 2);
      ++pairs;
    }
    return true;
  });
  const bool whole = pairs == (*directory)->all<iam::User>().count(kAccount) &&
                     pairs == (*directory)->all<iam::Group>().count(kAccount);
  return whole ? 0 : fail("a transaction is half there");
}

}  // namespace

int main(int argc, char** argv) {
  const bool checks = argc == 3 && std::string_view(argv[1]) == "--check";
  if (argc != 2 && !checks) return fail("store_writer [--check] PATH");
  const auto store = store::SqliteStore::open(argv[argc - 1]);
  if (!store) return fail(store.error().message);
  return checks ? check(**store) : write(**store);
}
