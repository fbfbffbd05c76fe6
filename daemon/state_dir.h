// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/file_descriptor.h"
#include "base/random.h"
#include "base/result.h"
#include "sts/key_ring.h"

namespace imdsd::daemon {

/// The state directory, held by a lock for as long as this lives: two daemons never share one.
/// Files are 0600 and replaced whole. What does not read back is refused, never overwritten.
class StateDir {
 public:
  static constexpr const char* kKeyRing = "session-keys.json";
  static constexpr const char* kSigningKeys = "signing-keys.json";
  static constexpr const char* kDatabase = "iam.db";
  static constexpr const char* kS3Database = "s3.db";
  static constexpr const char* kS3Objects = "s3";             // a folder
  static constexpr const char* kCredentials = "credentials";  // the administrator's
  static constexpr const char* kFormerCredentials = "credentials.old";
  static constexpr const char* kAuthority = "ca-key.pem";  // key and certificate
  static constexpr const char* kAuthorityCertificate = "ca.pem";
  static constexpr const char* kServerCertificate = "server.pem";  // key and certificate
  static constexpr const char* kMetadataChanges = "metadata-changes.json";
  static constexpr const char* kInstances = "instances.json";   // what the EC2 API said of them
  static constexpr const char* kFormerIds = "unique-ids.json";  // of version 0.1

  /// Makes the folder (0700) where it is missing. Errc::access_denied when it belongs to another
  /// user (root excepted), or others may write it.
  [[nodiscard]] static base::Result<StateDir> open(const std::string& path);

  /// Nothing when there is no such file. Errc::access_denied when it is no regular file of our
  /// own or root's, or others may read or write it.
  [[nodiscard]] base::Result<std::optional<std::string>> read(const std::string& name) const;
  [[nodiscard]] base::Result<void> write(const std::string& name, std::string_view content) const;
  /// No error when there is no such file.
  [[nodiscard]] base::Result<void> remove(const std::string& name) const;

  /// Absolute, as is path().
  [[nodiscard]] std::string path_of(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  StateDir(std::string path, base::FileDescriptor lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}
  std::string path_;
  base::FileDescriptor lock_;
};

/// The ring of keys that session tokens are sealed under; made at the first start, with a new key
/// at later ones. Where that cannot be written the old ones go on.
[[nodiscard]] base::Result<sts::KeyRing> load_key_ring(const StateDir& state, base::Random& random,
                                                       base::SystemTime now);
/// `ring` with a new key, if one is due (sts::KeyRing::rotate()) and was written; nothing if none
/// is.
[[nodiscard]] base::Result<std::optional<sts::KeyRing>> rotated_key_ring(
    const StateDir& state, const sts::KeyRing& ring, base::Random& random, base::SystemTime now,
    std::chrono::seconds age = sts::KeyRing::kRotateAfter);

}  // namespace imdsd::daemon
