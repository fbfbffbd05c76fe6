// SPDX-License-Identifier: MIT
#include "iam/password_rules.h"

#include <algorithm>
#include <array>
#include <vector>

namespace imdsd::iam {
namespace {

constexpr std::size_t kDefaultLength = 8;
constexpr std::size_t kDefaultKinds = 3;

/// Characters that a password may be asked for, and how AWS calls them.
struct Kind {
  std::string_view name;
  std::string_view characters;
};
constexpr std::array<Kind, 4> kKinds{{
    {"uppercase letter", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    {"lowercase letter", "abcdefghijklmnopqrstuvwxyz"},
    {"number", "0123456789"},
    {"symbol", "!@#$%^&*()_+-=[]{}|'"},
}};

std::size_t character_count(std::string_view text) {
  const auto starts_character = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out.append(out.empty() ? "" : ", ").append(item);
  return out;
}

/// A sentence for each kind of `asked` that is not in the password.
std::vector<std::string> missing_kinds(std::string_view password,
                                       const std::array<bool, kKinds.size()>& asked) {
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (!asked[i] || password.find_first_of(kKinds[i].characters) != std::string_view::npos) {
      continue;
    }
    missing.push_back("Password should have at least one " + std::string(kKinds[i].name));
  }
  return missing;
}

std::optional<std::string> default_fault(std::string_view password) {
  const auto missing = missing_kinds(password, {true, true, true, true});
  const std::size_t present = kKinds.size() - missing.size();
  if (present >= kDefaultKinds) return std::nullopt;
  return "Password should meet " + std::to_string(kDefaultKinds - present) +
         " more of the following requirements: " + joined(missing);
}

}  // namespace

std::optional<std::string> password_fault(std::string_view password,
                                          const std::optional<PasswordPolicy>& policy) {
  const std::size_t length = policy ? policy->minimum_length : kDefaultLength;
  if (character_count(password) < length) {
    return "Password should have a minimum length of " + std::to_string(length);
  }
  if (!policy) return default_fault(password);
  const auto missing =
      missing_kinds(password, {policy->require_uppercase, policy->require_lowercase,
                               policy->require_numbers, policy->require_symbols});
  if (missing.empty()) return std::nullopt;
  return joined(missing);
}

}  // namespace imdsd::iam
