// SPDX-License-Identifier: MIT
// Names and defaults: https://github.com/aws/amazon-ec2-metadata-mock/blob/main/docs/usage.md
#include "daemon/mock_flags.h"

#include <algorithm>

namespace imdsd::daemon {
namespace {

using Type = MockFlag::Type;

constexpr std::string_view kSpot = "spot", kEvents = "events";

constexpr MockFlag kFlags[] = {
    {"", "hostname", 'n', "server.hostname", Type::text, "127.0.0.1", "",
     "address to listen on (default 127.0.0.1; 0.0.0.0: all)"},
    {"", "port", 'p', "server.port", Type::integer, "1338", "", "port (default 1338)"},
    {"", "config-file", 'c', "config-file", Type::text, "", "",
     "JSON file (default $HOME/aemm-config.json)"},
    {"", "save-config-to-file", 's', "save-config-to-file", Type::boolean, "false", "",
     "save all settings in $HOME/.ec2-metadata-mock/.aemm-config-used.json"},
    {"", "watch-config-file", 'w', "watch-config-file", Type::boolean, "false", "",
     "take up changes of the JSON file"},
    {"", "imdsv2", 'I', "imdsv2", Type::boolean, "false", "", "IMDSv2 only"},
    {"", "mock-delay-sec", 'd', "mock-delay-sec", Type::integer, "0", "",
     "seconds until a spot interruption or a scheduled event shows"},
    {"", "mock-trigger-time", 0, "mock-trigger-time", Type::time, "", "",
     "the same as a time (RFC 3339), before the delay"},
    {"", "mock-ip-count", 'x', "mock-ip-count", Type::integer, "2", "",
     "client addresses that see events (default 2; negative: all)"},
    {"", "rebalance-delay-sec", 0, "rebalance-delay-sec", Type::integer, "0", "",
     "seconds until the rebalance recommendation shows"},
    {"", "rebalance-trigger-time", 0, "rebalance-trigger-time", Type::time, "", "",
     "the same as a time"},
    {"", "asg-termination-delay-sec", 0, "asg-termination-delay-sec", Type::integer, "0", "",
     "seconds until the target lifecycle state is Terminated"},
    {"", "asg-termination-trigger-time", 0, "asg-termination-trigger-time", Type::time, "", "",
     "the same as a time"},
    {kSpot, "action", 'a', "spot.action", Type::choice, "terminate", "terminate,hibernate,stop",
     "terminate (default), hibernate or stop"},
    {kSpot, "time", 't', "spot.time", Type::time, "", "",
     "time of the action (default: two minutes from when it shows)"},
    {kSpot, "rebalance-rec-time", 'r', "spot.rebalance-rec-time", Type::time, "", "",
     "time of the rebalance recommendation (default: when it shows)"},
    {kEvents, "code", 'o', "events.code", Type::choice, "system-reboot",
     "instance-reboot,system-reboot,system-maintenance,instance-retirement,instance-stop",
     "code of the scheduled event (default system-reboot)"},
    {kEvents, "state", 't', "events.state", Type::choice, "active", "active,completed,canceled",
     "active (default), completed or canceled"},
    {kEvents, "not-before", 'b', "events.not-before", Type::time, "", "",
     "earliest start (default: when it shows)"},
    {kEvents, "not-after", 'a', "events.not-after", Type::time, "", "",
     "latest end (default: 7 days later)"},
    {kEvents, "not-before-deadline", 'l', "events.not-before-deadline", Type::time, "", "",
     "deadline of the start (default: 9 days later)"},
};

template <class Matches>
const MockFlag* find(std::string_view command, const Matches& matches) {
  const auto* const end = std::end(kFlags);
  const auto* const found = std::find_if(std::begin(kFlags), end, [&](const MockFlag& flag) {
    return (flag.command.empty() || flag.command == command) && matches(flag);
  });
  return found == end ? nullptr : found;
}

}  // namespace

std::span<const MockFlag> mock_flags() {
  return kFlags;
}

const MockFlag* find_mock_flag(std::string_view name, std::string_view command) {
  return find(command, [&](const MockFlag& flag) { return flag.name == name; });
}

const MockFlag* find_mock_flag(char letter, std::string_view command) {
  return find(command, [&](const MockFlag& flag) { return flag.letter == letter; });
}

const MockFlag* find_mock_flag_of_key(std::string_view key) {
  const auto* const found = std::find_if(std::begin(kFlags), std::end(kFlags),
                                         [&](const MockFlag& flag) { return flag.key == key; });
  return found == std::end(kFlags) ? nullptr : found;
}

}  // namespace imdsd::daemon
