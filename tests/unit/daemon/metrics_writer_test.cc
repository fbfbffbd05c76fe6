// SPDX-License-Identifier: MIT
#include "daemon/metrics_writer.h"

#include <gtest/gtest.h>

namespace imdsd::daemon {
namespace {

std::string written(MetricsFormat format) {
  MetricsWriter writer(format);
  writer.begin("imdsd_calls_total", MetricsWriter::Type::counter, "Calls.");
  writer.sample({{"service", "sts"}, {"action", "a\"b\\c\nd"}},
                std::uint64_t{18446744073709551615U});
  writer.begin("imdsd_age_seconds", MetricsWriter::Type::gauge, "Age.");
  writer.sample({}, 1767225600.25);
  return writer.take();
}

TEST(MetricsWriter, PrometheusText) {
  EXPECT_EQ(written(MetricsFormat::prometheus),
            "# HELP imdsd_calls_total Calls.\n"
            "# TYPE imdsd_calls_total counter\n"
            "imdsd_calls_total{service=\"sts\",action=\"a\\\"b\\\\c\\nd\"} 18446744073709551615\n"
            "# HELP imdsd_age_seconds Age.\n"
            "# TYPE imdsd_age_seconds gauge\n"
            "imdsd_age_seconds 1767225600.25\n");
}

TEST(MetricsWriter, OpenMetricsNamesCounterFamiliesWithoutTotalAndEnds) {
  EXPECT_EQ(written(MetricsFormat::openmetrics),
            "# HELP imdsd_calls Calls.\n"
            "# TYPE imdsd_calls counter\n"
            "imdsd_calls_total{service=\"sts\",action=\"a\\\"b\\\\c\\nd\"} 18446744073709551615\n"
            "# HELP imdsd_age_seconds Age.\n"
            "# TYPE imdsd_age_seconds gauge\n"
            "imdsd_age_seconds 1767225600.25\n"
            "# EOF\n");
}

TEST(MetricsWriter, LabelsAreAlwaysUtf8) {
  MetricsWriter writer(MetricsFormat::prometheus);
  writer.begin("x", MetricsWriter::Type::gauge, "X.");
  writer.sample({{"name", "\xC3\xA9\xFF"}}, std::uint64_t{1});
  EXPECT_NE(writer.take().find("x{name=\"\xC3\xA9\xEF\xBF\xBD\"} 1\n"), std::string::npos);
}

TEST(MetricsFormat, IsWhatTheScraperAccepts) {
  EXPECT_EQ(metrics_format(""), MetricsFormat::prometheus);
  EXPECT_EQ(metrics_format("*/*"), MetricsFormat::prometheus);
  EXPECT_EQ(metrics_format("application/openmetrics-text;version=1.0.0;q=0.6,text/plain;q=0.5"),
            MetricsFormat::openmetrics);
}

}  // namespace
}  // namespace imdsd::daemon
