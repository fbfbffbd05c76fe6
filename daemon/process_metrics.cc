// SPDX-License-Identifier: MIT
#include "daemon/process_metrics.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <system_error>
#include <unistd.h>

namespace imdsd::daemon {
namespace {

using Type = MetricsWriter::Type;

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// The second number of /proc/self/statm (proc(5)), in pages.
std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t open_files() {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  return error ? 0 : static_cast<std::uint64_t>(std::distance(begin(files), end(files)));
}

}  // namespace

void write_process_metrics(MetricsWriter& writer) {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0) {
    writer.begin("process_cpu_seconds_total", Type::counter,
                 "Total user and system CPU time spent in seconds.");
    writer.sample({}, seconds(usage.ru_utime) + seconds(usage.ru_stime));
  }
  writer.begin("process_resident_memory_bytes", Type::gauge, "Resident memory size in bytes.");
  writer.sample({}, resident_bytes());
  writer.begin("process_open_fds", Type::gauge, "Number of open file descriptors.");
  writer.sample({}, open_files());
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    writer.begin("process_max_fds", Type::gauge, "Maximum number of open file descriptors.");
    writer.sample({}, static_cast<std::uint64_t>(limit.rlim_cur));
  }
}

}  // namespace imdsd::daemon
