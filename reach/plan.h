// SPDX-License-Identifier: MIT
// From what somebody wants and what the machine is to the steps of `imdsctl up`, or to the reasons
// why not. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "reach/machine.h"
#include "reach/step.h"

namespace imdsd::reach {

struct Wish {
  bool ipv6 = false;   // fd00:ec2::254, and of EKS fd00:ec2::23, too
  bool ecs = false;    // 169.254.170.2
  bool eks = false;    // 169.254.170.23
  bool dummy = false;  // a link of our own instead of lo
  enum class Port80 {
    automatic,  // direct where the daemon listens on the address already
    redirect,
    direct
  } port80 = Port80::automatic;
  std::string bridge = {};  // containers on it may come in, too; empty: none
  bool force = false;
  friend bool operator==(const Wish&, const Wish&) = default;
};

/// Where the daemon listens, by door.
struct Doors {
  std::vector<base::SocketAddress> imds, ecs, eks;
};

/// Each address that is wished for, and the listener behind it. Errc::not_found: the daemon has
/// none of that family.
[[nodiscard]] base::Result<std::vector<Way>> choose_ways(const Wish& wish, const Doors& doors);

struct Refusal {
  std::string reason;  // what, where, and what to do
  bool final = true;   // false: --force goes on in spite of it
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// Why `up` must not: another's address, route, redirect or listener; EC2; a missing tool.
/// `made` are the steps of an earlier `up`, whose results are no reason.
[[nodiscard]] std::vector<Refusal> refusals(const Machine& machine, const Wish& wish,
                                            const Doors& doors, const std::vector<Way>& ways,
                                            const std::vector<Step>& made);

/// In the order in which they are taken: what keeps others out, redirects, addresses. An address
/// that the machine has already, by somebody else's hand, is left as it is, and out.
[[nodiscard]] std::vector<Step> plan(const Machine& machine, const Wish& wish,
                                     const std::vector<Way>& ways, const std::vector<Step>& made);

}  // namespace imdsd::reach
