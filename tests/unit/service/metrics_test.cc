#include "service/metrics.h"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

namespace {

bool HasLine(const std::string& line) {
  return ("\n" + service::MetricsText()).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("a counter is counted for each of its labels", "[metrics]") {
  service::CounterFor("certifier_apples_total", "Apples.", {{"colour", "red"}}).Add();
  service::CounterFor("certifier_apples_total", "Apples.", {{"colour", "red"}}).Add(2);
  service::CounterFor("certifier_apples_total", "Apples.", {{"colour", "green"}}).Add();
  CHECK(HasLine("# HELP certifier_apples_total Apples."));
  CHECK(HasLine("# TYPE certifier_apples_total counter"));
  CHECK(HasLine("certifier_apples_total{colour=\"red\"} 3"));
  CHECK(HasLine("certifier_apples_total{colour=\"green\"} 1"));
}

TEST_CASE("one name and its labels are one instrument", "[metrics]") {
  CHECK(&service::CounterFor("certifier_pears_total", "Pears.", {}) ==
        &service::CounterFor("certifier_pears_total", "Pears.", {}));
  CHECK(&service::HistogramFor("certifier_pear_seconds", "Pears.", {}) ==
        &service::HistogramFor("certifier_pear_seconds", "Pears.", {}));
}

TEST_CASE("a histogram counts in buckets of seconds", "[metrics]") {
  auto& histogram = service::HistogramFor("certifier_wait_seconds", "Waiting.", {{"for", "tea"}});
  histogram.Observe(0.004);
  histogram.Observe(60);
  CHECK(HasLine("# TYPE certifier_wait_seconds histogram"));
  CHECK(HasLine("certifier_wait_seconds_bucket{for=\"tea\",le=\"0.0025\"} 0"));
  CHECK(HasLine("certifier_wait_seconds_bucket{for=\"tea\",le=\"0.005\"} 1"));
  CHECK(HasLine("certifier_wait_seconds_bucket{for=\"tea\",le=\"+Inf\"} 2"));
  CHECK(HasLine("certifier_wait_seconds_count{for=\"tea\"} 2"));
}

TEST_CASE("a gauge is asked at each scrape", "[metrics]") {
  static double level = 1;
  service::RegisterGauge("certifier_level", "Level.", [] { return level; });
  CHECK(HasLine("certifier_level 1"));
  level = 2.5;
  CHECK(HasLine("certifier_level 2.5"));
}

TEST_CASE("a label's value cannot end its line", "[metrics]") {
  service::CounterFor("certifier_odd_total", "Odd.", {{"text", "a\"b\nc\\"}}).Add();
  CHECK(HasLine("certifier_odd_total{text=\"a\\\"b\\nc\\\\\"} 1"));
}

TEST_CASE("counting from many threads loses nothing", "[metrics]") {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) {
    threads.emplace_back([] {
      for (int j = 0; j < 1000; j++) service::CounterFor("certifier_threads_total", "Threads.", {}).Add();
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(HasLine("certifier_threads_total 4000"));
}
