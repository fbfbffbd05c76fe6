// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace imdsd::daemon {

/// Prometheus' text format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/) and OpenMetrics 1.0
/// (https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md), which differ
/// in the names of counters' families and in the end.
enum class MetricsFormat { prometheus, openmetrics };

/// What a scraper asks for: OpenMetrics where `accept`, a header's value, names it.
[[nodiscard]] MetricsFormat metrics_format(std::string_view accept) noexcept;
[[nodiscard]] std::string_view content_type(MetricsFormat format) noexcept;

/// Writes families, and the samples of each behind it.
class MetricsWriter {
 public:
  enum class Type { counter, gauge };
  using Label = std::pair<std::string_view, std::string_view>;
  using Labels = std::initializer_list<Label>;

  explicit MetricsWriter(MetricsFormat format) : format_(format) {}

  /// `name` as its samples have it: a counter's ends with _total. `help` is one sentence, plain.
  void begin(std::string_view name, Type type, std::string_view help);
  void sample(Labels labels, std::uint64_t value);
  void sample(Labels labels, double value);
  [[nodiscard]] std::string take();

 private:
  void append_labels(Labels labels);

  MetricsFormat format_;
  std::string name_;  // of the family
  std::string out_;
};

}  // namespace imdsd::daemon
