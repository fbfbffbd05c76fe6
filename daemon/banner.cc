// SPDX-License-Identifier: MIT
#include "daemon/banner.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace imdsd::daemon {
namespace {

std::string local_time(base::SystemTime time) {
  const std::time_t seconds =
      std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
  std::tm parts{};
  std::array<char, 16> text{};
  ::localtime_r(&seconds, &parts);
  const auto size = std::strftime(text.data(), text.size(), "%H:%M:%S", &parts);
  return std::string(text.data(), size);
}

std::string urls(std::string_view scheme, const std::vector<base::SocketAddress>& list,
                 std::string_view tail) {
  std::string out;
  for (const auto& address : list) {
    if (!out.empty()) out += ' ';
    out += scheme;
    out += address.to_string();
    out += tail;
  }
  return out;
}

std::string_view mode_text(iam::AuthMode mode) {
  switch (mode) {
    case iam::AuthMode::enforce:
      return "policies enforced";
    case iam::AuthMode::audit:
      return "audit: what policies deny is logged and passes";
    case iam::AuthMode::off:
      return "auth off: any key is accepted";
  }
  return "";
}

std::string imds_text(const imds::MetadataOptions& options) {
  if (!options.http_endpoint_enabled) return "endpoint disabled";
  return std::string("IMDSv2 ") +
         (options.http_tokens == imds::HttpTokens::required ? "required" : "optional") +
         ", hop limit " + std::to_string(options.hop_limit);
}

std::string role_text(const InstanceStatus& instance, std::string_view gap) {
  if (instance.role.empty()) return "none";
  std::string out = instance.role + std::string(gap);
  if (instance.state != InstanceStatus::State::valid) {
    return out + "no credentials: " + instance.error.value_or("not obtained yet");
  }
  return out + "credentials valid until " + local_time(*instance.expiration) + ", next rotation " +
         local_time(*instance.next_rotation);
}

std::string shell_word(const std::string& text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/._-+@%:,").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string one_instance_text(const StatusReport& report) {
  const auto& instance = report.instances.front();
  return "  instance " + instance.id + "  " + instance.availability_zone + "  " + instance.type +
         "  account " + report.account_id + "\n";
}

/// The door's addresses, how many have a role there, and who has no credentials.
std::string containers_text(std::string_view label, const std::vector<base::SocketAddress>& listen,
                            const StatusReport& report, std::string_view door,
                            const std::string& noun) {
  if (listen.empty()) return "";
  std::size_t all = 0, lacking = 0;
  for (const HolderStatus& holder : report.holders) {
    if (holder.door != door) continue;
    ++all;
    if (holder.state != InstanceStatus::State::valid) ++lacking;
  }
  std::string out = std::string(label) + urls("http://", listen, "") + "  " + std::to_string(all) +
                    " " + noun + (all == 1 ? "" : "s") + " with a role";
  if (lacking > 0) out += ", " + std::to_string(lacking) + " without credentials";
  return out + "\n";
}

std::string roles_text(const StatusReport& report, const std::string& control) {
  if (report.instances.size() == 1) {
    return "  role  " + role_text(report.instances.front(), "   ") + "\n";
  }
  constexpr std::size_t kShown = 8;
  const auto shown = std::min(report.instances.size(), kShown);
  std::size_t width = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    width = std::max(width, report.instances[i].name.size());
  }
  std::string out;
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& instance = report.instances[i];
    const auto own = urls("http://", instance.listen, "/");
    out += "  " + instance.name + std::string(width - instance.name.size(), ' ') + "  " +
           instance.id + "  " + own + (own.empty() ? "" : "  ") + "role " +
           role_text(instance, ", ") + "\n";
  }
  if (const auto more = report.instances.size() - shown; more > 0) {
    out += "  and " + std::to_string(more) + " more: " + control + " status\n";
  }
  return out;
}

}  // namespace

std::string banner(const StatusReport& report, const std::string& control) {
  const auto imds = urls("http://", report.imds_listen, "/");
  const auto aws = urls("http://", report.aws_listen, "");
  const auto tls = urls("https://", report.aws_tls_listen, "");
  const auto page = urls("http://", report.console_listen, "/");
  const auto width = std::max({imds.size(), aws.size(), tls.size(), page.size()}) + 2;
  const auto pad = [&](const std::string& text) {
    return text + std::string(width - text.size(), ' ');
  };
  const bool one = report.instances.size() == 1;
  std::string out = "imdsd " IMDSD_VERSION;
  out += one ? one_instance_text(report)
             : "  " + std::to_string(report.instances.size()) + " instances  " + report.region +
                   "  account " + report.account_id + "\n";
  const auto& options = one ? report.instances.front().options : report.imds_options;
  out += "  IMDS  " + pad(imds) + imds_text(options) + "\n";
  out += "  AWS   " + pad(aws) + "STS, IAM, S3, EC2 (" + std::string(mode_text(report.auth_mode)) +
         ")\n";
  if (!tls.empty())
    out += "  AWS   " + pad(tls) + "the same under TLS (" + control + " env --tls)\n";
  if (!page.empty()) out += "  page  " + pad(page) + "sign in, switch roles\n";
  out += roles_text(report, control);
  out += containers_text("  ECS   ", report.ecs_listen, report, "ecs", "task");
  out += containers_text("  EKS   ", report.eks_listen, report, "eks", "pod");
  if (!report.admin_listen.empty()) {
    out += "  watch " + urls("http://", report.admin_listen, "/metrics") + "\n";
  }
  return out + "  try:  eval \"$(" + control + " env)\" && aws sts get-caller-identity\n";
}

std::string control_command(const std::string& program, const std::string& socket,
                            const std::string& default_socket) {
  const auto slash = program.rfind('/');
  std::string out = "imdsctl";
  if (slash != std::string::npos) out = shell_word(program.substr(0, slash + 1) + "imdsctl");
  if (socket != default_socket) out += " --socket " + shell_word(socket);
  return out;
}

}  // namespace imdsd::daemon
