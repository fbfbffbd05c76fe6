// SPDX-License-Identifier: MIT
#include "cli/up.h"

#include <algorithm>
#include <array>
#include <climits>
#include <cstdio>
#include <optional>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/codec.h"
#include "cli/admin_client.h"
#include "cli/format_environment.h"
#include "http/client.h"
#include "reach/kernel_control.h"
#include "reach/look.h"
#include "reach/plan.h"
#include "reach/up.h"
#include "reach/well_known.h"

namespace imdsd::cli {
namespace {

using base::Result;
using Json = nlohmann::ordered_json;
using What = reach::Action::What;

int complain(const std::string& message) {
  std::fflush(stdout);
  std::fprintf(stderr, "imdsctl: %s\n", message.c_str());
  return 1;
}

void say(const std::string& text) {
  std::fprintf(stdout, "%s\n", text.c_str());
  std::fflush(stdout);
}

/// Prints each command before it runs, or collects them for --json.
class Teller {
 public:
  Teller(bool json, bool dry) : json_(json), dry_(dry) {}

  reach::Tell tell() {
    return [this](const reach::Action& action) { take(action); };
  }
  Json actions = Json::array();

 private:
  void take(const reach::Action& action) {
    const auto command = reach::to_text(action.command);
    actions.push_back({{"action", word(action.what)}, {"command", command}});
    if (json_) return;
    const bool works = action.what == What::run || action.what == What::undo;
    const std::string mark = works ? (dry_ ? "would run: " : "+ ") : "= ";
    const std::string why = action.what == What::keep   ? "   (in place)"
                            : action.what == What::gone ? "   (gone already)"
                                                        : "";
    // What is not run is told without its input.
    say(mark + (works ? command : command.substr(0, command.find(" <<"))) + why);
  }

  static const char* word(What what) {
    switch (what) {
      case What::run:
        return "run";
      case What::keep:
        return "keep";
      case What::undo:
        return "undo";
      case What::gone:
        break;
    }
    return "gone";
  }

  bool json_, dry_;
};

/// The command of this process for a shell, by its full path: sudo has a PATH of its own.
std::string with_sudo(const std::vector<std::string>& arguments) {
  std::array<char, PATH_MAX> self{};
  const auto size = ::readlink("/proc/self/exe", self.data(), self.size() - 1);
  std::string out = "sudo " + (size > 0 ? std::string(self.data()) : "imdsctl");
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const auto& word = arguments[i];
    const bool plain = !word.empty() && word.find_first_not_of(
                                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                            "0123456789-_./:=@[]") == std::string::npos;
    out += " " + (plain ? word : quote_for_sh(word));
  }
  return out;
}

int complain_about_rights(const char* command, const std::vector<std::string>& arguments) {
  return complain(std::string(command) +
                  " changes the network of this machine, which takes root (CAP_NET_ADMIN); "
                  "`--dry-run` shows what it would do:\n  " +
                  with_sudo(arguments));
}

/// What a running daemon tells: of one instance, where the command line names it.
Result<reach::Doors> ask_doors(const CommandLine& line, const std::string& status,
                               const std::vector<std::string>& sockets) {
  IMDSD_TRY(auto doors, parse_doors(status, line.instance));
  if (!line.up.ecs && !line.up.eks) return doors;
  IMDSD_TRY(const auto containers,
            ask_daemon(sockets, http::make_unix_client, "GET", "/v1/containers"));
  IMDSD_TRY_VOID(add_container_doors(containers, doors));
  return doors;
}

/// --to, what a running daemon tells, or the default.
Result<reach::Doors> find_doors(const CommandLine& line, const base::Environment& environment) {
  if (!line.up.to.empty()) {
    IMDSD_TRY(const auto to, base::SocketAddress::parse(line.up.to));
    return reach::Doors{{to}, {}, {}};
  }
  const auto sockets = socket_candidates(line.socket, environment);
  std::string target = "/v1/status";
  if (!line.instance.empty()) target += "?instance=" + base::percent_encode(line.instance);
  const auto status = ask_daemon(sockets, http::make_unix_client, "GET", target);
  if (status) return ask_doors(line, *status, sockets);
  const bool nobody = status.error().code == base::Errc::unavailable;
  if (!nobody || !line.socket.empty() || !line.instance.empty()) {
    return tl::unexpected<base::Error>(status.error());
  }
  std::fprintf(stderr,
               "imdsctl: no imdsd answers yet; this takes it to listen on 127.0.0.1:1338, as it "
               "does unless it is configured otherwise (else: --to ADDRESS:PORT)\n");
  return default_doors();
}

/// True when nothing stands against it, or --force is for what does.
bool may_go_on(const std::vector<reach::Refusal>& refusals, bool force) {
  const bool final = std::any_of(refusals.begin(), refusals.end(),
                                 [](const auto& refusal) { return refusal.final; });
  const bool goes = refusals.empty() || (force && !final);
  for (const auto& refusal : refusals) {
    std::fprintf(stderr, "imdsctl: %s%s\n", goes ? "warning: " : "", refusal.reason.c_str());
  }
  if (!goes) {
    std::fprintf(stderr, "imdsctl: nothing was done%s\n",
                 final ? "" : "; --force goes on in spite of it");
  }
  return goes;
}

std::string url(const base::IpAddress& address) {
  return "http://" + (address.is_v6() ? "[" + address.to_string() + "]" : address.to_string()) +
         "/";
}

void tell_result(const CommandLine& line, const std::vector<reach::Way>& ways, Json actions) {
  if (line.json) {
    Json out = {{"dry_run", line.up.dry_run}, {"ways", Json::array()}};
    for (const auto& way : ways) {
      out["ways"].push_back(
          {{"url", url(way.address)}, {"to", way.to ? Json(way.to->to_string()) : Json(nullptr)}});
    }
    out["actions"] = std::move(actions);
    std::fprintf(stdout, "%s\n", out.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    return;
  }
  for (const auto& way : ways) {
    const std::string to =
        way.to
            ? "leads to imdsd at " + way.to->to_string()
            : "is imdsd's, which has to listen on `" +
                  base::SocketAddress{way.address, reach::kWellKnownPort}.to_string() + "` itself";
    say(url(way.address) + " " + to);
  }
  if (!line.up.dry_run)
    say("`imdsctl down` takes it back, `imdsctl doctor` looks whether it works");
}

void warn_without_guard(const reach::Machine& machine) {
  if (machine.has_nft || machine.has_iptables) return;
  std::fprintf(stderr,
               "imdsctl: warning: without `nft` and `iptables` nothing keeps the hosts of this "
               "network from 169.254.169.254 here: apt-get install nftables\n");
}

}  // namespace

int up(const CommandLine& line, const base::Environment& environment,
       const std::vector<std::string>& arguments) {
  const auto wish = line.up.wish();
  if (!wish) return complain(wish.error().message);
  const auto doors = find_doors(line, environment);
  if (!doors) return complain(doors.error().message);
  const auto ways = reach::choose_ways(*wish, *doors);
  if (!ways) return complain(ways.error().message);

  reach::RecordFile file(reach::RecordFile::kFolder);
  reach::KernelControl kernel(file);
  reach::DryControl dry(file);
  reach::Control& control = line.up.dry_run ? static_cast<reach::Control&>(dry) : kernel;
  auto machine = control.look();
  if (!line.up.dry_run) {
    if (!machine.net_admin) return complain_about_rights("up", arguments);
    if (const auto ready = kernel.prepare(); !ready) return complain(ready.error().message);
    machine = control.look();  // another `up` may have had the lock
  }
  const auto record = control.load();
  if (!record) return complain(record.error().message);
  if (!may_go_on(reach::refusals(machine, *wish, *doors, *ways, record->steps), wish->force)) {
    return 1;
  }
  warn_without_guard(machine);
  Teller teller(line.json, line.up.dry_run);
  const auto steps = reach::plan(machine, *wish, *ways, record->steps);
  if (const auto done = reach::bring_up(control, steps, teller.tell()); !done) {
    return complain(done.error().message);
  }
  tell_result(line, *ways, std::move(teller.actions));
  return std::fflush(stdout) == 0 ? 0 : 1;
}

int down(const CommandLine& line, const std::vector<std::string>& arguments) {
  reach::RecordFile file(reach::RecordFile::kFolder);
  reach::KernelControl kernel(file);
  reach::DryControl dry(file);
  reach::Control& control = line.up.dry_run ? static_cast<reach::Control&>(dry) : kernel;
  auto record = control.load();
  if (!record) return complain(record.error().message);
  if (!line.up.dry_run && !record->steps.empty()) {
    if (!control.look().net_admin) return complain_about_rights("down", arguments);
    if (const auto ready = kernel.prepare(); !ready) return complain(ready.error().message);
  }
  Teller teller(line.json, line.up.dry_run);
  const auto done = reach::take_down(control, teller.tell());
  if (line.json) {
    const Json out = {{"dry_run", line.up.dry_run}, {"actions", teller.actions}};
    std::fprintf(stdout, "%s\n", out.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
  } else if (record->steps.empty()) {
    say("`imdsctl up` has made nothing here that is still there");
  }
  if (!done) return complain(done.error().message);
  return std::fflush(stdout) == 0 ? 0 : 1;
}

}  // namespace imdsd::cli
