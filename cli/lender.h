// SPDX-License-Identifier: MIT
// The other end of daemon/lent_listeners.h. docs/admin.md tells the protocol.
#pragma once

#include <string>
#include <vector>

#include "base/file_descriptor.h"
#include "base/result.h"

namespace imdsd::cli {

/// A listening socket, and what imdsd shall serve on it: "imds", "aws", "aws-tls", "ecs", "eks".
struct Loan {
  std::string service;
  base::FileDescriptor socket;
};

/// A connection to imdsd that listeners are lent over. They are served until it goes.
class Lender {
 public:
  [[nodiscard]] static base::Result<Lender> connect(const std::string& socket_path);

  /// `instance`: its name or id; empty: the default one. imdsd has the sockets then, too. Once.
  [[nodiscard]] base::Result<void> lend(const std::vector<Loan>& loans,
                                        const std::string& instance);

  /// Readable when imdsd has ended the connection.
  [[nodiscard]] int fd() const noexcept { return connection_.get(); }

 private:
  explicit Lender(base::FileDescriptor connection) : connection_(std::move(connection)) {}
  [[nodiscard]] base::Result<void> receive_reply();
  base::FileDescriptor connection_;
};

}  // namespace imdsd::cli
