#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>

#include "fuzz_messages.h"

using namespace conformance;

namespace {

using Clock = std::chrono::steady_clock;

constexpr long kDefaultSeconds = 5;
// What either service may grow by after the first quarter, which fills pools and caches.
constexpr long kMostGrowthKib = 48 << 10;

// Number is that of the environment, or `otherwise`.
unsigned long long Number(const char* name, unsigned long long otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr || *text == '\0' ? otherwise : std::strtoull(text, nullptr, 10);
}

// ResidentKib is VmRSS; the process must be there.
long ResidentKib(pid_t pid) {
  const std::string status = support::ReadFile("/proc/" + std::to_string(pid) + "/status");
  const auto at = status.find("VmRSS:");
  REQUIRE(at != std::string::npos);
  return std::strtol(status.c_str() + at + 6, nullptr, 10);
}

// Enrolled is a fresh device's certificate, by a key of its own: the whole way works.
pki::Certificate Enrolled(Product& product, const Device& device) {
  const auto key = product.admin.CreateKey({.policy = "renewable"});
  return Enrol(device, device.Request(key.value).Build(), product.gateway);
}

// Run is one run of so many seconds.
struct Run {
  Run() : ra(Published(product.gateway, "demo").front()), device("demo", ra), holder("demo", ra) {
    holder.identity.certificate = Enrolled(product, holder);
  }

  // Send sends message `number` of this seed and judges the answer.
  void Send(std::uint64_t number) {
    Random random(seed + number * 0x9e3779b97f4a7c15u);
    const auto fuzzed = messages.Make(random);
    const std::string request = FuzzedRequest("/scep/demo", fuzzed.message, random);
    INFO("seed " << seed << ", message " << number << ", " << fuzzed.layer << ": " << pki::Base64(fuzzed.message));
    const auto reply = HttpClient(product.gateway.port()).Exchange(request);
    REQUIRE(reply.has_value());
    REQUIRE(reply->status < 500);
    outcomes[reply->status == 200 ? ReadCertRep(*reply).verdict() : std::to_string(reply->status)]++;
  }

  struct Memory {
    long gateway = 0, engine = 0;
  };
  Memory Resident() const { return {ResidentKib(product.gateway.pid()), ResidentKib(product.engine.pid())}; }

  const unsigned long long seed = Number("CERTIFIER_FUZZ_SEED", std::random_device()());
  Product product;
  const pki::Certificate ca = product.MakeCa("demo", "ecdsa-p256", "automatic");
  const pki::Certificate ra;
  Device device, holder;
  const PreSharedKey key = product.admin.CreateKey({.uses = 1'000'000});
  const FuzzMessages messages{device, holder, key.value};
  std::map<std::string, int> outcomes;
};

void CheckNoBugIsLogged(const Run& run) {
  for (const char* event :
       {"rpc_exception", "task_exception", "http_handler_failed", "\"reason\":\"internal", "\"outcome\":\"failed\""}) {
    CAPTURE(event);
    CHECK(run.product.engine.output().find(event) == std::string::npos);
    CHECK(run.product.gateway.output().find(event) == std::string::npos);
  }
}

}  // namespace

TEST_CASE("T-104 no message that is wrong at any layer crashes a service, gets a 5xx or makes memory grow") {
  Run run;
  const auto began = Clock::now();
  const std::chrono::seconds duration(Number("CERTIFIER_FUZZ_SECONDS", kDefaultSeconds));
  std::uint64_t number = 0;
  for (; Clock::now() - began < duration / 4.0; number++) run.Send(number);
  const auto before = run.Resident();
  for (; Clock::now() - began < duration; number++) run.Send(number);
  const auto after = run.Resident();
  std::string outcomes;
  for (const auto& [outcome, count] : run.outcomes) outcomes += ", " + outcome + ": " + std::to_string(count);
  std::printf("services: seed %llu, %llu messages%s; gateway %ld to %ld KiB, engine %ld to %ld KiB\n", run.seed,
              static_cast<unsigned long long>(number), outcomes.c_str(), before.gateway, after.gateway, before.engine,
              after.engine);
  CHECK(after.gateway - before.gateway < kMostGrowthKib);
  CHECK(after.engine - before.engine < kMostGrowthKib);
  // It got through to the engine, and not only to a first check.
  CHECK(run.outcomes["SUCCESS"] > 0);
  CHECK(run.outcomes["FAILURE 2"] > 0);
  CHECK(run.outcomes["400"] > 0);
  CheckNoBugIsLogged(run);
  Enrolled(run.product, Device("demo", run.ra));
}
