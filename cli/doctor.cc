// SPDX-License-Identifier: MIT
#include "cli/doctor.h"

#include <algorithm>
#include <cstdio>

#include "base/codec.h"
#include "base/url.h"
#include "cli/admin_client.h"
#include "cli/diagnosis.h"
#include "cli/program_output.h"
#include "cli/up_options.h"
#include "http/client.h"
#include "reach/aws_profile.h"
#include "reach/look.h"
#include "reach/record_file.h"
#include "reach/well_known.h"

namespace imdsd::cli {
namespace {

constexpr std::chrono::milliseconds kAnswerLimit{2000};
constexpr std::chrono::seconds kProgramLimit{5};  // a cold Python start takes one or two
constexpr std::size_t kMaxInstanceId = 64;

DaemonFacts ask_about_daemon(const CommandLine& line, const base::Environment& environment) {
  const auto candidates = socket_candidates(line.socket, environment);
  const auto query =
      line.instance.empty() ? "" : "?instance=" + base::percent_encode(line.instance);
  const auto status = ask_daemon(candidates, http::make_unix_client, "GET", "/v1/status" + query);
  if (!status) return {.error = status.error().message};
  auto env = ask_daemon(candidates, http::make_unix_client, "GET", "/v1/env" + query);
  // An instance that its peers' addresses tell apart has no endpoint of its own.
  if (!env) env = ask_daemon(candidates, http::make_unix_client, "GET", "/v1/env");
  auto facts = parse_daemon_facts(*status, env ? *env : "");
  if (!facts) return {.error = facts.error().message};
  const auto containers = ask_daemon(candidates, http::make_unix_client, "GET", "/v1/containers");
  // A daemon that cannot say has no such doors.
  if (containers && !add_container_doors(*containers, facts->doors)) facts->doors.ecs.clear();
  return *std::move(facts);
}

/// As an SDK does: a token, then the instance id with it.
Answer ask_metadata(const std::string& url_text, const base::Url& url,
                    const base::SocketAddress& address) {
  Answer out{url_text};
  const auto client = http::make_client(address);
  base::HttpClient::Request request;
  request.method = "PUT";
  request.target = url.target + "latest/api/token";
  request.headers.add("Host", url.authority());
  request.headers.add("X-aws-ec2-metadata-token-ttl-seconds", "60");
  request.timeout = kAnswerLimit;
  const auto token = client->send(request);
  if (!token) {
    out.error = token.error().message;
    return out;
  }
  request.method = "GET";
  request.target = url.target + "latest/meta-data/instance-id";
  if (token->status == 200) request.headers.add("X-aws-ec2-metadata-token", token->body);
  const auto response = client->send(request);
  if (!response) {
    out.error = response.error().message;
  } else if (response->status != 200) {
    out.error = "HTTP status " + std::to_string(response->status);
  } else {
    out.instance_id = response->body.substr(0, kMaxInstanceId);
  }
  return out;
}

/// The URLs of clients, as far as they lead to this machine itself.
void ask_all(Situation& situation) {
  for (const auto& text :
       {client_url(situation.client.environment), std::string("http://169.254.169.254/"),
        std::string("http://[fd00:ec2::254]/")}) {
    const auto url = base::Url::parse(text);
    if (!url || url->secure || situation.answer_of(text)) continue;
    const auto ip = url->literal();
    const bool ours = ip ? reach::is_ours(situation.machine, *ip) : url->is_loopback();
    if (!ours) continue;
    const auto loopback = base::IpAddress::from_v4({127, 0, 0, 1});
    situation.answers.push_back(ask_metadata(text, *url, {ip.value_or(loopback), url->port}));
  }
}

ClientFacts look_at_client(const base::Environment& environment) {
  ClientFacts out;
  out.environment = environment;
  for (const char* name : {"AWS_DEFAULT_PROFILE", "AWS_PROFILE"}) {
    out.profile = base::find_variable(environment, name).value_or(out.profile);
  }
  const auto home = base::find_variable(environment, "HOME").value_or("/") + "/.aws/";
  const auto add = [&](const char* variable, const char* file, reach::AwsFile kind) {
    const auto path = base::find_variable(environment, variable).value_or(home + file);
    const auto text = reach::read_file(path);
    if (text) out.profiles.push_back({path, reach::profile_settings(*text, kind, out.profile)});
  };
  add("AWS_SHARED_CREDENTIALS_FILE", "credentials", reach::AwsFile::credentials);
  add("AWS_CONFIG_FILE", "config", reach::AwsFile::config);
  out.aws_version = program_output({"aws", "--version"}, kProgramLimit);
  out.botocore_version = program_output(
      {"python3", "-c", "import botocore; print(botocore.__version__, end='')"}, kProgramLimit);
  return out;
}

}  // namespace

int doctor(const CommandLine& line, const base::Environment& environment) {
  Situation situation;
  situation.machine = reach::look_at_machine();
  situation.daemon = ask_about_daemon(line, environment);
  situation.client = look_at_client(environment);
  if (auto record = reach::RecordFile(reach::RecordFile::kFolder).load()) {
    situation.made = std::move(record->steps);
  }
  ask_all(situation);
  auto diagnosis = diagnose(situation);
  name_instance(diagnosis, line.instance);
  const auto text =
      line.json ? diagnosis_json(situation, diagnosis) : diagnosis_text(situation, diagnosis);
  std::fputs(text.c_str(), stdout);
  return std::fflush(stdout) == 0 && diagnosis.healthy() ? 0 : 1;
}

}  // namespace imdsd::cli
