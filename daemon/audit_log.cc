// SPDX-License-Identifier: MIT
#include "daemon/audit_log.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

#include "aws/time_format.h"
#include "base/clock_real.h"
#include "base/log.h"
#include "daemon/files.h"
#include "daemon/peer_process.h"

namespace imdsd::daemon {
namespace {

constexpr std::size_t kMaxPath = 512;
constexpr const char* kStandardError = "-";
constexpr std::chrono::milliseconds kGather{5};
constexpr std::size_t kFullBatch = 4096;

/// With milliseconds, as the log has it.
std::string time_text(base::SystemTime time) {
  const auto part = std::chrono::duration_cast<std::chrono::milliseconds>(
                        time - std::chrono::floor<std::chrono::seconds>(time))
                        .count();
  std::string text = aws::format_iso8601(time);
  const std::string digits = std::to_string(1000 + part);
  text.replace(text.size() - 1, 1, "." + digits.substr(1) + "Z");
  return text;
}

iam::JsonWriter begin_line(base::SystemTime time, std::string_view event) {
  iam::JsonWriter json;
  json.begin_object().member("time", time_text(time)).member("event", event);
  return json;
}

void add_process(iam::JsonWriter& json, const PeerProcess& process) {
  json.member("pid", process.pid).member("uid", process.uid);
  if (!process.name.empty()) json.member("process", process.name);
}

void add_permissions(iam::JsonWriter& json, const std::vector<iam::Permission>& permissions) {
  if (permissions.empty()) return;
  json.name("permissions").begin_list();
  for (const iam::Permission& each : permissions) {
    json.begin_object().member("action", each.action).member("resource", each.resource);
    if (!each.passed_to.empty()) json.member("passed_to", each.passed_to);
    json.member("allowed", each.allowed).end_object();
  }
  json.end_list();
}

std::string peer_text(const base::HttpPeer& peer) {
  return peer.address ? peer.address->to_string() : "unix";
}

/// 0, or the errno.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto size = ::write(fd, text.data(), text.size());
    if (size < 0 && errno != EINTR) return errno;
    if (size > 0) text.remove_prefix(static_cast<std::size_t>(size));
  }
  return 0;
}

}  // namespace

base::Result<std::shared_ptr<const AuditTarget>> AuditTarget::open(const AuditConfig& config) {
  if (config.file.empty()) return std::shared_ptr<const AuditTarget>();
  auto target = std::make_shared<AuditTarget>();
  target->config = config;
  // O_NONBLOCK: a FIFO that nobody reads would hold up the start, and a full one the end.
  constexpr int kFlags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  target->fd = base::FileDescriptor(config.file == kStandardError
                                        ? ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
                                        : ::open(config.file.c_str(), kFlags, 0600));
  if (target->fd) return std::shared_ptr<const AuditTarget>(std::move(target));
  const int error = errno;
  return base::fail(base::Errc::unavailable,
                    "audit.file: cannot open `" + config.file + "`: " +
                        (error == ENXIO ? "nobody reads from this pipe" : system_error(error)));
}

void AuditLog::write_to(std::shared_ptr<const AuditTarget> target) {
  const std::lock_guard lock(mutex_);
  target_ = std::move(target);
  enabled_.store(target_ != nullptr, std::memory_order_relaxed);
}

std::string AuditLog::file() const {
  const std::lock_guard lock(mutex_);
  return target_ == nullptr || target_->config.file == kStandardError ? "" : target_->config.file;
}

void AuditLog::record(const gateway::AuditRecord& record) {
  calls_.count(record);
  requests_.add(record);
  seen_.add(record);
  log_.record(record);
  if (!enabled_.load(std::memory_order_relaxed)) return;
  Line line{begin_line(record.time, "call"), std::nullopt};
  line.json.member("request_id", record.request_id)
      .member("service", record.service)
      .member("action", record.action)
      .member("resource", record.resource)
      .member("caller", record.caller_arn)
      .member("access_key_id", record.access_key_id)
      .member("source_ip", record.source_ip)
      .member("status", record.status)
      .member("error", record.error_code)
      .member("would_deny", record.would_deny);
  if (record.decision) {
    line.json.member("decision", iam::reason_name(record.decision->reason))
        .member("decided_by", iam::layer_name(record.decision->decided_by));
  }
  add_permissions(line.json, record.permissions);
  add(std::move(line));
}

void AuditLog::record(const imds::CredentialDelivery& delivery) {
  const auto& request = delivery.request;
  const auto path = request.path().substr(0, kMaxPath);
  if (base::log_enabled(base::LogLevel::debug)) {
    base::log_debug("credentials delivered", {{"instance", delivery.instance_id},
                                              {"door", delivery.door},
                                              {"access_key_id", delivery.access_key_id},
                                              {"path", path},
                                              {"peer", peer_text(request.peer)}});
  }
  if (!enabled_.load(std::memory_order_relaxed)) return;
  Line line{begin_line(delivery.time, "delivery"), std::nullopt};
  line.json.member("instance_id", delivery.instance_id)
      .member("door", delivery.door)
      .member("access_key_id", delivery.access_key_id)
      .member("path", path)
      .member("peer", peer_text(request.peer));
  if (const auto& who = request.peer.unix_credentials) {
    add_process(line.json, {who->pid, who->uid, {}});
  } else if (request.peer.address && request.local) {
    line.ends = Ends{*request.peer.address, *request.local};
  }
  add(std::move(line));
}

void AuditLog::add(Line line) {
  {
    const std::lock_guard lock(mutex_);
    const std::size_t bytes = waiting_bytes_ + line.json.size();
    if (waiting_.size() >= kMaxWaiting || bytes > kMaxWaitingBytes) {
      ++lost_;
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    waiting_bytes_ = bytes;
    waiting_.push_back(std::move(line));
    if (waiting_.size() != 1 && waiting_.size() != kFullBatch) return;  // the writer knows
  }
  changed_.notify_one();
}

void AuditLog::run(std::stop_token stop) {
  while (true) {
    std::vector<Line> batch;
    std::shared_ptr<const AuditTarget> target;
    std::uint64_t lost = 0;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop, [this] { return !waiting_.empty(); });
      if (waiting_.empty()) return;
      // Wake-ups cost requests more than lines do: a moment's lines are one batch. A peer's process
      // may be gone in that moment.
      if (target_ && !target_->config.process) {
        changed_.wait_for(lock, stop, kGather, [this] { return waiting_.size() >= kFullBatch; });
      }
      batch.swap(waiting_);
      waiting_bytes_ = 0;
      lost = std::exchange(lost_, 0);
      target = target_;
    }
    if (target) write(std::move(batch), lost, *target);
  }
}

void AuditLog::write(std::vector<Line> batch, std::uint64_t lost, const AuditTarget& target) {
  std::string text;
  for (Line& line : batch) {
    if (line.ends && target.config.process) {
      const auto process = find_peer_process(line.ends->peer, line.ends->local);
      if (process) add_process(line.json, *process);
    }
    text += line.json.end_object().take();
    text += '\n';
  }
  if (lost > 0) {
    auto json = begin_line(base::RealClock().now(), "lost");
    text += json.member("records", lost).end_object().take();
    text += '\n';
  }
  const int error = write_all(target.fd.get(), text);
  (error == 0 ? written_ : dropped_).fetch_add(batch.size(), std::memory_order_relaxed);
  note_outcome(target, error);
}

/// Told when it begins and when it ends, not with each batch.
void AuditLog::note_outcome(const AuditTarget& target, int error) {
  if ((error != 0) == failing_) return;
  failing_ = error != 0;
  if (failing_) {
    base::log_error("audit records are lost: the file cannot be written",
                    {{"file", target.config.file}, {"error", system_error(error)}});
  } else {
    base::log_info("audit records are written again", {{"file", target.config.file}});
  }
}

AuditStats AuditLog::stats() const noexcept {
  return {written_.load(std::memory_order_relaxed), dropped_.load(std::memory_order_relaxed)};
}

}  // namespace imdsd::daemon
