#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "fuzz_messages.h"
#include "support/instrumented.h"

using namespace conformance;

namespace {

using Clock = std::chrono::steady_clock;

constexpr long kDefaultSeconds = 5;
// What either service may grow by after the first quarter, which fills pools and caches. AddressSanitizer keeps 256 MiB
// of what was freed from being used again.
constexpr long kMostGrowthKib = (48 << 10) + (support::kIsInstrumented ? 256 << 10 : 0);

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

// Target is a CA, a device without a certificate and one with, and what is wrong in their messages.
struct Target {
  Target(const Product& product, const std::string& ca)
      : device(At(product, ca)),
        holder(device),
        messages(device, holder, product.admin.CreateKey({.ca = ca, .uses = 1'000'000}).value) {
    holder = Enrolled(product, ca);
  }
  Target(const Target&) = delete;  // `messages` refers to the devices.
  Target& operator=(const Target&) = delete;

  // At is a device that knows the CA's certificates; of two RAs the first signs and the second receives.
  static Device At(const Product& product, const std::string& ca) {
    const HttpReply reply = Get(product.gateway.port(), "/scep/" + ca + "?operation=GetCACert");
    if (reply.Field("Content-Type") == "application/x-x509-ca-cert") {
      return {ca, testing::Must(pki::Certificate::Parse(reply.body))};
    }
    const auto published = testing::Must(pki::ParseCertsOnly(reply.body));
    Device device(ca, published.at(published.size() - 2));
    device.signer = published.front();
    return device;
  }

  // Enrolled is a fresh device with a certificate, by a key of its own: the whole way works.
  static Device Enrolled(const Product& product, const std::string& ca) {
    Device device = At(product, ca);
    const auto key = product.admin.CreateKey({.ca = ca, .policy = "renewable"});
    device.identity.certificate = Enrol(device, device.Request(key.value).Build(), product.gateway);
    return device;
  }

  Device device, holder;
  const FuzzMessages messages;
};

// Run is one run against a CA of each kind: "demo" has an RA, "split" one to sign and one to receive, and "alone" none.
struct Run {
  explicit Run(unsigned long long its_seed) : seed(its_seed) {
    product.MakeCa("demo", "ecdsa-p256", "automatic");
    v1::CreateCaRequest split;
    split.set_name("split");
    split.set_key_algorithm("ecdsa-p256");
    split.set_policy("automatic");
    split.set_registration_authority("split");
    product.MakeCa(split);
    product.MakeCaAlone("alone", "automatic");
    for (const std::string& ca : cas) targets.push_back(std::make_unique<Target>(product, ca));
  }

  // Send sends message `number` of this seed and judges the answer.
  void Send(std::uint64_t number) {
    Random random(seed + number * 0x9e3779b97f4a7c15u);
    const Target& target = *targets[random.Below(targets.size())];
    const auto fuzzed = target.messages.Make(random);
    const std::string request = FuzzedRequest("/scep/" + target.device.ca, fuzzed.message, random);
    INFO("seed " << seed << ", message " << number << " to " << target.device.ca << ", " << fuzzed.layer << ": "
                 << pki::Base64(fuzzed.message));
    const auto reply = HttpClient(product.gateway.port()).Exchange(request);
    REQUIRE(reply.has_value());
    REQUIRE(reply->status < 500);
    const std::string outcome = reply->status == 200 ? ReadCertRep(*reply).verdict() : std::to_string(reply->status);
    outcomes[outcome]++;
    outcomes_of[target.device.ca][outcome]++;
  }

  struct Memory {
    long gateway = 0, engine = 0;
  };
  Memory Resident() const { return {ResidentKib(product.gateway.pid()), ResidentKib(product.engine.pid())}; }

  const unsigned long long seed;
  const std::vector<std::string> cas = {"demo", "split", "alone"};
  Product product;
  std::vector<std::unique_ptr<Target>> targets;
  std::map<std::string, int> outcomes;
  std::map<std::string, std::map<std::string, int>> outcomes_of;
};

void CheckNoBugIsLogged(const Run& run) {
  for (const char* event :
       {"rpc_exception", "task_exception", "http_handler_failed", "\"reason\":\"internal", "\"outcome\":\"failed\""}) {
    CAPTURE(event);
    CHECK(run.product.engine.output().find(event) == std::string::npos);
    CHECK(run.product.gateway.output().find(event) == std::string::npos);
  }
}

// CheckEnd wants that it got through to the engine, and not only to a first check, and that all still work.
void CheckEnd(Run& run) {
  for (const std::string& ca : run.cas) {
    CAPTURE(ca);
    for (const char* outcome : {"SUCCESS", "FAILURE 2", "400"}) {
      CAPTURE(outcome);
      CHECK(run.outcomes_of[ca][outcome] > 0);
    }
    Target::Enrolled(run.product, ca);
  }
  CheckNoBugIsLogged(run);
}

}  // namespace

TEST_CASE("T-104 no message that is wrong at any layer crashes a service, gets a 5xx or makes memory grow") {
  Run run(Number("CERTIFIER_FUZZ_SEED", std::random_device()()));
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
  CheckEnd(run);
}

// What a change breaks here it breaks for everybody: only keys, names and nonces differ from run to run.
TEST_CASE("S-41 the same messages as ever, wrong at any layer, crash no service and get no 5xx") {
  constexpr std::uint64_t kMessages = 400;
  Run run(20260101);
  for (std::uint64_t number = 0; number < kMessages; number++) run.Send(number);
  CheckEnd(run);
}
