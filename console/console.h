// SPDX-License-Identifier: MIT
// The console: what an IAM user does in a browser, or by imdsctl. Signs in, sees who it is and what
// it may do, switches roles. docs/console.md is the contract of both.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/http_message.h"
#include "base/snapshot_cell.h"
#include "console/call.h"
#include "console/session_store.h"
#include "console/sign_in.h"

namespace imdsd::console {

/// Thread-safe. Handlers run on the worker pool.
class Console {
 public:
  explicit Console(Parts parts);

  /// For the port that browsers talk to: the page, and its API under /api/. The session is in a
  /// cookie.
  [[nodiscard]] base::HttpResponse handle(const base::HttpRequest& request);
  /// The same API for one operation, such as "sign-in", for the admin socket: who may connect there
  /// is no foreign page. The session is in the header kSessionHeader, and in the answer of sign-in.
  [[nodiscard]] base::HttpResponse handle_operation(std::string_view name,
                                                    const base::HttpRequest& request);
  /// From now on.
  void configure(Settings settings);

  struct OperationName {
    std::string_view method, name;
    std::string_view path;  // on the admin socket
  };
  [[nodiscard]] static std::vector<OperationName> operations();
  /// Does handle() take long with this one, or wait for the disk?
  [[nodiscard]] static bool may_wait(const base::HttpRequest& request);

  static constexpr std::size_t kMaxBodyBytes = 16 * 1024;
  static constexpr std::string_view kSessionHeader = "X-Imdsd-Console-Session";

 private:
  struct Operation;
  struct Table;

  [[nodiscard]] base::HttpResponse answer(const base::HttpRequest& request,
                                          const Settings& settings);
  [[nodiscard]] Reply run(const Operation& operation, Call& call);
  [[nodiscard]] tl::expected<void, Refusal> resume(Call& call, SessionStore::Use use);
  [[nodiscard]] Reply sign_in(Call& call);
  [[nodiscard]] Reply sign_out(Call& call);
  [[nodiscard]] Reply switch_to_role(Call& call);
  [[nodiscard]] Reply switch_back(Call& call);
  [[nodiscard]] Reply session(Call& call);

  const Parts parts_;
  base::SnapshotCell<Settings> settings_;
  SessionStore sessions_;
  SignIn sign_in_;
};

}  // namespace imdsd::console
