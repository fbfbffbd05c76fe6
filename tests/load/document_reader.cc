// SPDX-License-Identifier: MIT
// Reads one IMDS document COUNT times over CONNECTIONS keep-alive connections and holds every
// answer to be whole: status 200, Code Success, all members there, not expired, and one key never
// with two secrets.
//   document_reader HOST PORT PATH TOKEN CONNECTIONS COUNT
// Prints "READS DISTINCT_KEYS" and exits 0, or says what was torn and exits 1.
#include <arpa/inet.h>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <map>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

struct Seen {
  std::mutex mutex;
  std::map<std::string, std::string, std::less<>> document_of_key;
};

/// The text of a string member, as EC2 lays it out; nothing when it is missing or cut off.
std::optional<std::string_view> member(std::string_view document, std::string_view name) {
  const std::string start = "\"" + std::string(name) + "\" : \"";
  const auto at = document.find(start);
  if (at == std::string_view::npos) return std::nullopt;
  const auto end = document.find('"', at + start.size());
  if (end == std::string_view::npos) return std::nullopt;
  return document.substr(at + start.size(), end - at - start.size());
}

std::string now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

/// Why the document is not whole; empty when it is.
std::string fault_of(std::string_view document, const std::string& asked_at, Seen& seen) {
  if (document.empty() || document.front() != '{' || document.back() != '}') return "torn";
  if (member(document, "Code") != "Success") return "not a success";
  for (const char* name :
       {"AccessKeyId", "SecretAccessKey", "Token", "Expiration", "LastUpdated"}) {
    if (member(document, name).value_or("").empty()) return std::string("no ") + name;
  }
  // ISO 8601 in UTC compares as text. Asked in the very second of the expiry is still in time.
  if (*member(document, "Expiration") < asked_at) return "expired";
  std::lock_guard lock(seen.mutex);
  const auto key = *member(document, "AccessKeyId");
  const auto [entry, fresh] = seen.document_of_key.try_emplace(std::string(key), document);
  if (!fresh && entry->second != document) return "one key in two documents";
  return {};
}

class Connection {
 public:
  Connection(const char* host, std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    inet_pton(AF_INET, host, &address.sin_addr);
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Connection() { ::close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// The body of a 200 answer; nothing for anything else.
  std::optional<std::string> get(const std::string& request) {
    if (!connected_ || ::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) < 0)
      return std::nullopt;
    std::string answer;
    char piece[8192];
    std::size_t head = std::string::npos;
    std::size_t wanted = 1;
    while (head == std::string::npos || answer.size() < head + wanted) {
      const auto got = ::recv(fd_, piece, sizeof piece, 0);
      if (got <= 0) return std::nullopt;
      answer.append(piece, static_cast<std::size_t>(got));
      if (head != std::string::npos) continue;
      const auto end = answer.find("\r\n\r\n");
      if (end == std::string::npos) continue;
      head = end + 4;
      const auto length = answer.find("Content-Length: ");
      if (length == std::string::npos || length > head) return std::nullopt;
      std::from_chars(answer.data() + length + 16, answer.data() + head, wanted);
    }
    if (!answer.starts_with("HTTP/1.1 200 ")) return std::nullopt;
    return answer.substr(head);
  }

 private:
  int fd_;
  bool connected_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) return 2;
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  const std::string token = argv[4];
  const std::string request = "GET " + std::string(argv[3]) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" +
                              (token.empty() ? "" : "X-aws-ec2-metadata-token: " + token + "\r\n") +
                              "\r\n";
  const int connections = std::atoi(argv[5]);
  const long count = std::atol(argv[6]);
  Seen seen;
  std::atomic<long> left = count;
  std::atomic<bool> failed = false;
  std::vector<std::jthread> readers;
  for (int i = 0; i < connections; ++i) {
    readers.emplace_back([&] {
      Connection connection(argv[1], port);
      while (left.fetch_sub(1) > 0 && !failed) {
        const std::string asked_at = now_text();
        const auto document = connection.get(request);
        const std::string fault = document ? fault_of(*document, asked_at, seen) : "no 200 answer";
        if (!fault.empty() && !failed.exchange(true)) std::fprintf(stderr, "%s\n", fault.c_str());
      }
    });
  }
  readers.clear();
  std::printf("%ld %zu\n", count, seen.document_of_key.size());
  return failed ? 1 : 0;
}
