// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

namespace imdsd::daemon {

/// A setting that has a flag.
struct MockFlag {
  enum class Type { text, integer, boolean, time, choice };
  std::string_view command;  // that it belongs to; empty: all
  std::string_view name;     // "mock-delay-sec"
  char letter;               // of the short form; 0: none
  std::string_view key;      // in the JSON file: "mock-delay-sec", "spot.action"
  Type type;
  std::string_view standard;  // the default
  std::string_view choices;   // of a choice, between commas
  std::string_view help;
};

[[nodiscard]] std::span<const MockFlag> mock_flags();
/// The flag of this name, or letter, beside a subcommand; without one, those of all subcommands are
/// unknown. Null: there is none.
[[nodiscard]] const MockFlag* find_mock_flag(std::string_view name, std::string_view command);
[[nodiscard]] const MockFlag* find_mock_flag(char letter, std::string_view command);
[[nodiscard]] const MockFlag* find_mock_flag_of_key(std::string_view key);

}  // namespace imdsd::daemon
