// SPDX-License-Identifier: MIT
#include "daemon/metrics_writer.h"

#include <array>
#include <cassert>
#include <charconv>

#include "base/utf8.h"

namespace imdsd::daemon {
namespace {

constexpr std::string_view kTotal = "_total";

/// The text of a label; what is no UTF-8 becomes U+FFFD.
void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = base::utf8_front_length(text);
    const std::string_view character = text.substr(0, length == 0 ? 1 : length);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (character == "\n") {
      out += "\\n";
    } else {
      if (character == "\\" || character == "\"") out += '\\';
      out += character;
    }
    text.remove_prefix(character.size());
  }
}

}  // namespace

MetricsFormat metrics_format(std::string_view accept) noexcept {
  return accept.find("application/openmetrics-text") == std::string_view::npos
             ? MetricsFormat::prometheus
             : MetricsFormat::openmetrics;
}

std::string_view content_type(MetricsFormat format) noexcept {
  return format == MetricsFormat::openmetrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

void MetricsWriter::begin(std::string_view name, Type type, std::string_view help) {
  name_ = name;
  std::string_view family = name;
  if (format_ == MetricsFormat::openmetrics && family.ends_with(kTotal)) {
    family.remove_suffix(kTotal.size());
  }
  out_.append("# HELP ").append(family).append(" ");
  out_.append(help)
      .append("\n# TYPE ")
      .append(family)
      .append(type == Type::counter ? " counter\n" : " gauge\n");
}

void MetricsWriter::sample(Labels labels, std::uint64_t value) {
  append_labels(labels);
  out_.append(std::to_string(value)).push_back('\n');
}

void MetricsWriter::sample(Labels labels, double value) {
  append_labels(labels);
  std::array<char, 64> text{};
  [[maybe_unused]] const auto [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  assert(error == std::errc());  // seconds and bytes are no astronomical numbers
  out_.append(text.data(), end).push_back('\n');
}

void MetricsWriter::append_labels(Labels labels) {
  out_ += name_;
  char before = '{';
  for (const auto& [name, value] : labels) {
    out_.push_back(std::exchange(before, ','));
    out_.append(name).append("=\"");
    append_escaped(out_, value);
    out_.push_back('"');
  }
  out_ += labels.size() == 0 ? " " : "} ";
}

std::string MetricsWriter::take() {
  if (format_ == MetricsFormat::openmetrics) out_ += "# EOF\n";
  return std::move(out_);
}

}  // namespace imdsd::daemon
