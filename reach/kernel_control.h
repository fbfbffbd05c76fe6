// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>

#include "reach/record_file.h"
#include "reach/up.h"

namespace imdsd::reach {

/// The machine itself. From prepare() on, SIGINT, SIGTERM and SIGHUP wait until the step in
/// progress is done; destruction lets them through.
class KernelControl final : public Control {
 public:
  explicit KernelControl(RecordFile& file) : file_(file) {}
  ~KernelControl() override;
  KernelControl(const KernelControl&) = delete;
  KernelControl& operator=(const KernelControl&) = delete;

  /// Holds signals back, and takes the record's lock.
  [[nodiscard]] base::Result<void> prepare();

  [[nodiscard]] Machine look() override;
  [[nodiscard]] base::Result<void> execute(const Command& command) override;
  [[nodiscard]] base::Result<Record> load() override { return file_.load(); }
  [[nodiscard]] base::Result<void> save(const Record& record) override {
    return file_.save(record);
  }
  [[nodiscard]] bool interrupted() override;

 private:
  RecordFile& file_;
  sigset_t before_{};
  bool held_ = false;
};

/// Looks and loads like another, and does nothing: for --dry-run.
class DryControl final : public Control {
 public:
  explicit DryControl(RecordFile& file) : file_(file) {}
  [[nodiscard]] Machine look() override;
  [[nodiscard]] base::Result<void> execute(const Command&) override { return {}; }
  [[nodiscard]] base::Result<Record> load() override { return file_.load(); }
  [[nodiscard]] base::Result<void> save(const Record&) override { return {}; }
  [[nodiscard]] bool interrupted() override { return false; }

 private:
  RecordFile& file_;
};

}  // namespace imdsd::reach
