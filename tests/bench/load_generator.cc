// scep_load: the load generator. It makes all messages first and sends them in rounds, with the floor measured before,
// between and after them: machines are noisy, and what is compared must be measured close together. Before each round,
// and when all is over, it prints "ready" and waits for a line on standard input, so that whoever measures reads the
// services' CPU. Then it checks every reply and prints the figures as JSON.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "floor.h"
#include "http_load.h"
#include "messages.h"
#include "service/options.h"

namespace {

struct Settings {
  std::vector<std::string> targets;
  std::string registration_authority;
  std::string challenges;
  std::uint64_t requests = 2000;
  std::uint64_t connections = 64;
  std::uint64_t client_keys = 32;
  std::uint64_t rounds = 8;
  std::uint64_t floor_repeats = 200;
};

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

void WaitForGo() {
  std::string line;
  std::getline(std::cin, line);
}

double Percentile(const std::vector<double>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(share * static_cast<double>(sorted.size())))];
}

// CountFailures opens every reply: what is not a SUCCESS with a certificate of its own counts.
std::size_t CountFailures(const std::vector<bench::Enrollment>& enrollments,
                          const std::vector<bench::Exchange>& exchanges) {
  std::set<std::string> serials;
  std::size_t failures = 0;
  for (std::size_t i = 0; i < enrollments.size(); i++) {
    const auto reply = exchanges[i].status == 200 ? enrollments[i].client.ReadReply(exchanges[i].body)
                                                  : result::Fail(result::Reason::kUnavailable, "no reply");
    const bool is_issued = reply.has_value() && reply->status == scep::PkiStatus::kSuccess &&
                           reply->certificates.size() == 1 &&
                           serials.insert(std::string(reply->certificates[0].serial_number())).second;
    if (!is_issued) failures++;
  }
  return failures;
}

result::Result<bench::MessagePlan> PlanOf(const Settings& settings) {
  bench::MessagePlan plan;
  plan.count = settings.requests;
  plan.client_keys = settings.client_keys;
  ASSIGN_OR_RETURN(plan.registration_authority, pki::Certificate::FromPem(ReadFile(settings.registration_authority)));
  std::istringstream lines(ReadFile(settings.challenges));
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) plan.challenges.push_back(line);
  }
  if (plan.challenges.empty()) return result::Fail(result::Reason::kMalformed, "no challenge in the file");
  return plan;
}

nlohmann::json Figures(const std::vector<bench::Exchange>& exchanges, double seconds) {
  std::vector<double> latencies;
  for (const auto& exchange : exchanges) latencies.push_back(exchange.seconds * 1e3);
  std::sort(latencies.begin(), latencies.end());
  return {{"requests", exchanges.size()},
          {"seconds", seconds},
          {"enrollments_per_second", static_cast<double>(exchanges.size()) / seconds},
          {"latency_ms",
           {{"p50", Percentile(latencies, 0.50)},
            {"p95", Percentile(latencies, 0.95)},
            {"p99", Percentile(latencies, 0.99)}}}};
}

result::Result<void> Run(const Settings& settings) {
  ASSIGN_OR_RETURN(const auto plan, PlanOf(settings));
  ASSIGN_OR_RETURN(const auto enrollments, bench::MakeMessages(plan));
  std::vector<const std::string*> bodies;
  for (const auto& enrollment : enrollments) bodies.push_back(&enrollment.message);
  const bench::LoadPlan load{.targets = settings.targets, .connections = settings.connections};
  bench::Floor floor(std::max(1u, std::thread::hardware_concurrency()));
  std::vector<double> floors = {floor.Measure(settings.floor_repeats)};
  std::vector<bench::Exchange> exchanges;
  std::vector<nlohmann::json> parts;
  double seconds = 0;
  const std::size_t rounds = std::min(settings.rounds, settings.requests);
  for (std::size_t round = 0; round < rounds; round++) {
    const auto first = bodies.begin() + static_cast<std::ptrdiff_t>(bodies.size() * round / rounds);
    const auto last = bodies.begin() + static_cast<std::ptrdiff_t>(bodies.size() * (round + 1) / rounds);
    std::cout << "ready" << std::endl;
    WaitForGo();
    const auto start = std::chrono::steady_clock::now();
    ASSIGN_OR_RETURN(auto made, bench::PostAll(load, {first, last}));
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    seconds += took;
    parts.push_back(Figures(made, took));
    std::move(made.begin(), made.end(), std::back_inserter(exchanges));
    floors.push_back(floor.Measure(settings.floor_repeats));
  }
  std::cout << "ready" << std::endl;
  WaitForGo();
  auto figures = Figures(exchanges, seconds);
  for (std::size_t round = 0; round < rounds; round++) {
    parts[round]["floor_ms"] = (floors[round] + floors[round + 1]) / 2;
    figures["rounds"].push_back(std::move(parts[round]));
  }
  figures["failures"] = CountFailures(enrollments, exchanges);
  std::cout << figures.dump() << std::endl;
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  service::Options options("scep_load", "Enrols many devices over keep-alive connections and measures it.");
  options.Texts("--target", settings.targets, "address of a gateway, 127.0.0.1:8080; may be repeated");
  options.File("--registration-authority", settings.registration_authority, "PEM of the RA certificate from GetCACert");
  options.File("--challenges", settings.challenges, "file with a pre-shared key on each line");
  options.Number("--requests", settings.requests, 1, 1000000, "enrolments");
  options.Number("--connections", settings.connections, 1, 10000, "keep-alive connections");
  options.Number("--client-keys", settings.client_keys, 1, 10000, "RSA-2048 keys that the devices share");
  options.Number("--rounds", settings.rounds, 1, 1000, "parts that the enrolments are sent in");
  options.Number("--floor-repeats", settings.floor_repeats, 10, 1000000, "enrolments of each floor measurement");
  if (const auto code = options.Parse(argc, argv)) return *code;
  const auto ran = Run(settings);
  if (!ran) std::cerr << "scep_load: " << ran.error().detail << "\n";
  return ran ? 0 : 1;
}
