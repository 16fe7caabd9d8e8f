#ifndef CERTIFIER_SERVICE_METRICS_H
#define CERTIFIER_SERVICE_METRICS_H

#include <functional>
#include <map>
#include <string>

namespace service {

// Metrics of the process, in Prometheus' text format. Names begin with "certifier_"; label values come from closed
// sets. All calls are safe from any thread. Hot paths keep the handle that Counter or Histogram returns.
class Counter {
 public:
  virtual ~Counter() = default;
  virtual void Add(double amount = 1) = 0;
};
class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void Observe(double seconds) = 0;
};

// CounterFor and HistogramFor return the one instrument of that name and those labels; it lives as long as the process.
Counter& CounterFor(const std::string& name, const std::string& help, const std::map<std::string, std::string>& labels);
Histogram& HistogramFor(const std::string& name, const std::string& help,
                        const std::map<std::string, std::string>& labels);
// RegisterGauge asks `read` for the value at each scrape.
void RegisterGauge(const std::string& name, const std::string& help, std::function<double()> read);

// MetricsText is the whole exposition.
std::string MetricsText();

}  // namespace service

#endif  // CERTIFIER_SERVICE_METRICS_H
