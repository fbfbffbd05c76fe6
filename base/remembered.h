// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace imdsd::base {

/// What was read last under some names, kept until it changes: as much as fits, then all of it is
/// forgotten. Thread-safe.
template <class T>
class Remembered {
 public:
  using Pointer = std::shared_ptr<const T>;
  explicit Remembered(std::size_t most_weight) : most_weight_(most_weight) {}

  /// Null when it is not known.
  [[nodiscard]] Pointer find(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(name);
    return found == entries_.end() ? nullptr : found->second;
  }
  /// To be asked before something is read that keep() is to keep.
  [[nodiscard]] std::uint64_t changes() const {
    const std::lock_guard lock(mutex_);
    return changes_;
  }
  /// `value` was read since `changes`; when something has changed meanwhile it may be older, and is
  /// not kept. Returns what is known now: of two readers both get the same.
  Pointer keep(const std::string& name, Pointer value, std::uint64_t changes,
               std::size_t weight = 1) {
    const std::lock_guard lock(mutex_);
    if (changes != changes_ || weight > most_weight_) return value;
    if (weight_ + weight > most_weight_) {
      entries_.clear();
      weight_ = 0;
    }
    const auto [place, is_new] = entries_.try_emplace(name, std::move(value));
    if (is_new) weight_ += weight;
    return place->second;
  }
  /// After the change, and before anybody is told of it.
  void changed(const std::string& name) {
    const std::lock_guard lock(mutex_);
    ++changes_;
    entries_.erase(name);
  }

 private:
  const std::size_t most_weight_;
  mutable std::mutex mutex_;
  std::uint64_t changes_ = 0;
  std::size_t weight_ = 0;  // of all that came since all was forgotten
  std::unordered_map<std::string, Pointer> entries_;
};

}  // namespace imdsd::base
