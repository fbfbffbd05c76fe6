// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/environment.h"
#include "base/http_client.h"
#include "base/result.h"

namespace imdsd::cli {

/// Where the admin socket may be, in order. One that was named, by --socket or $IMDSD_ADMIN_SOCKET,
/// is the only one: talking to another daemon than the one that was meant would be worse than
/// failing.
[[nodiscard]] std::vector<std::string> socket_candidates(const std::string& named,
                                                         const base::Environment& environment);

using ClientFactory =
    std::function<std::unique_ptr<base::HttpClient>(const std::string& socket_path)>;

/// So long an answer may take; and so long where the daemon may still be making keys, which takes
/// seconds at its first start, and more on a machine that is busy.
inline constexpr std::chrono::seconds kPatience{5}, kPatienceForKeys{120};

struct DaemonAnswer {
  std::string socket;  // of who answered
  base::HttpResponse response;
};

/// What the first candidate that answers says, whatever the status. Errc::unavailable tells what
/// was tried.
[[nodiscard]] base::Result<DaemonAnswer> send_to_daemon(const std::vector<std::string>& candidates,
                                                        const ClientFactory& connect,
                                                        base::HttpClient::Request request);
/// {"error": "…"} of an answer, as the admin socket writes it; else its status.
[[nodiscard]] std::string reason_of(const base::HttpResponse& response);

/// Asks the first candidate that answers within `patience`; `form` is sent as the body. The body of
/// a success; else what was tried, or the daemon's own reason, in words for a person.
[[nodiscard]] base::Result<std::string> ask_daemon(const std::vector<std::string>& candidates,
                                                   const ClientFactory& connect,
                                                   const std::string& method,
                                                   const std::string& target,
                                                   std::chrono::seconds patience = kPatience,
                                                   const std::string& body = {});

}  // namespace imdsd::cli
