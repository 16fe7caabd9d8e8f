#include "service/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <memory>
#include <mutex>
#include <vector>

namespace service {

namespace {

class PrometheusCounter final : public Counter {
 public:
  explicit PrometheusCounter(prometheus::Counter& counter) : counter_(counter) {}
  void Add(double amount) override { counter_.Increment(amount); }

 private:
  prometheus::Counter& counter_;
};

class PrometheusHistogram final : public Histogram {
 public:
  explicit PrometheusHistogram(prometheus::Histogram& histogram) : histogram_(histogram) {}
  void Observe(double seconds) override { histogram_.Observe(seconds); }

 private:
  prometheus::Histogram& histogram_;
};

struct Gauge {
  prometheus::Gauge& gauge;
  std::function<double()> read;
};

// Instruments is every instrument of the process.
struct Instruments {
  std::mutex mutex;  // Guards all below; instruments themselves need no lock.
  prometheus::Registry registry;
  std::map<std::pair<std::string, std::map<std::string, std::string>>, std::unique_ptr<Counter>> counters;
  std::map<std::pair<std::string, std::map<std::string, std::string>>, std::unique_ptr<Histogram>> histograms;
  std::vector<Gauge> gauges;
};

Instruments& TheInstruments() {
  static Instruments instruments;
  return instruments;
}

}  // namespace

Counter& CounterFor(const std::string& name, const std::string& help,
                    const std::map<std::string, std::string>& labels) {
  Instruments& all = TheInstruments();
  const std::lock_guard lock(all.mutex);
  auto& counter = all.counters[{name, labels}];
  if (!counter) {
    auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(all.registry);
    counter = std::make_unique<PrometheusCounter>(family.Add(labels));
  }
  return *counter;
}

Histogram& HistogramFor(const std::string& name, const std::string& help,
                        const std::map<std::string, std::string>& labels) {
  static const prometheus::Histogram::BucketBoundaries kBuckets = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                                   0.1,   0.25,   0.5,   1,    2.5,   10};
  Instruments& all = TheInstruments();
  const std::lock_guard lock(all.mutex);
  auto& histogram = all.histograms[{name, labels}];
  if (!histogram) {
    auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(all.registry);
    histogram = std::make_unique<PrometheusHistogram>(family.Add(labels, kBuckets));
  }
  return *histogram;
}

void RegisterGauge(const std::string& name, const std::string& help, std::function<double()> read) {
  Instruments& all = TheInstruments();
  const std::lock_guard lock(all.mutex);
  auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(all.registry);
  all.gauges.push_back({family.Add({}), std::move(read)});
}

std::string MetricsText() {
  Instruments& all = TheInstruments();
  const std::lock_guard lock(all.mutex);
  for (Gauge& gauge : all.gauges) gauge.gauge.Set(gauge.read());
  return prometheus::TextSerializer().Serialize(all.registry.Collect());
}

}  // namespace service
