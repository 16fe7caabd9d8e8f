// Every budget is a setting of its own, answers as documented, and is seen in the metrics (requirements S-05, S-22,
// S-40).

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "device.h"

using namespace conformance;

namespace {

const std::vector<std::string> kBehindProxy = {"--trusted-proxy", "127.0.0.1"};

HttpReply PostFrom(const GatewayProgram& gateway, const std::string& source, const std::string& ca,
                   const Bytes& message) {
  return Post(gateway.port(), "/scep/" + ca + "?operation=PKIOperation", message,
              "X-Forwarded-For: 192.0.2." + source + "\r\n");
}

// InWord is the answer's verdict, or its status where that is not 200.
std::string InWord(const HttpReply& reply) {
  return reply.status == 200 ? ReadCertRep(reply).verdict() : std::to_string(reply.status);
}

std::vector<std::string> With(std::vector<std::string> flags, const std::vector<std::string>& further) {
  flags.insert(flags.end(), further.begin(), further.end());
  return flags;
}

void CheckHasLine(const std::string& metrics, const std::string& line) {
  INFO(metrics);
  CHECK(("\n" + metrics).find("\n" + line + "\n") != std::string::npos);
}

// GatewayBudget has two of `spending` served, the source `over` refused and the source `free` served.
struct GatewayBudget {
  std::string flag;
  std::string of;
  std::vector<std::string> spending;
  std::string over, free;
  std::string metric;
};

std::string OverBudget(const std::string& budget, const std::string& of) {
  return "certifier_scep_over_budget_total{budget=\"" + budget + "\",of=\"" + of + "\"} 1";
}

// Waiting is a device, with a key and a commonName, that asks a CA from some source.
struct Waiting {
  std::string key, name, source;
  std::string ca = "manual";
};

// PendingBudget has `waiting` wait, `over` turned away and `free` wait.
struct PendingBudget {
  std::string flag;
  std::vector<Waiting> waiting;
  Waiting over, free;
};

std::string Wait(const Product& product, const Waiting& wish) {
  Device device(wish.ca, Published(product.gateway, wish.ca).front(), wish.key);
  device.name = wish.name;
  const HttpReply reply = PostFrom(product.gateway, wish.source, wish.ca, device.Request().Build());
  if (reply.status == 429) CHECK(reply.Field("Retry-After") == "60");
  return InWord(reply);
}

// Failing is one way to fail, and how often one source may at once.
struct Failing {
  std::string name, answer;
  Bytes message;
  int times = 60;
};

// Failures are the six ways not to open an envelope (T-60), and one of each other answer.
std::vector<Failing> Failures(const Device& device) {
  const auto ours = [&] { return device.Enveloped(device.Csr()); };
  const auto around = [&](const Bytes& envelope) { return device.Signed(envelope).Build(); };
  const auto stranger = testing::MakeIdentity(testing::Key("other"), {.common_name = "stranger"});
  Bytes bad_block(256, '\0');
  bad_block.back() = '\1';
  return {{"recipient", "FAILURE 2", around(testing::Envelope(device.Csr()).To(stranger.certificate).Build())},
          {"block", "FAILURE 2", around(ours().WithEncryptedKey(bad_block).Build())},
          {"key length", "FAILURE 2", around(ours().WithWrappedKey(Bytes(15, 'k')).Build())},
          {"padding", "FAILURE 2", around(ours().WithBlocks(Bytes(32, '\0')).Build())},
          {"blocks", "FAILURE 2", around(ours().WithCiphertextEnd("12345678").Build())},
          {"content", "FAILURE 2", around(device.Enveloped("garbage, but well padded").Build())},
          {"algorithm", "FAILURE 0", device.Request().WithDigest(pki::DigestAlgorithm::kMd5).Build()},
          {"signature", "FAILURE 1", device.Request().TamperSignature().Build()},
          {"type", "FAILURE 2", device.Request().WithType("18").Build()},
          {"poll", "FAILURE 4", device.Poll().Build()},
          {"no challenge", "FAILURE 2", device.Request().Build()},
          {"no message", "400", "garbage"},
          // Whoever guesses is slowed sooner.
          {"challenge", "FAILURE 2", device.Request("wrong").Build(), 10}};
}

// CheckIsStopped fails so a hundred times from one source.
void CheckIsStopped(const GatewayProgram& gateway, const Failing& failing, const std::string& source) {
  const auto began = std::chrono::steady_clock::now();
  int failed = 0;
  for (int i = 0; i < 100; i++) {
    const HttpReply reply = PostFrom(gateway, source, "demo", failing.message);
    if (reply.status == 429) {
      CHECK_FALSE(reply.Field("Retry-After").empty());
    } else {
      CHECK(InWord(reply) == failing.answer);
      failed++;
    }
  }
  // One comes back each second.
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(std::chrono::steady_clock::now() - began).count();
  CHECK(failed >= failing.times);
  CHECK(failed <= failing.times + 1 + seconds);
}

}  // namespace

TEST_CASE("T-62 with the budgets' defaults, a hundred failures of any kind within a minute stop their source alone") {
  Product product({}, kBehindProxy);
  product.MakeCa("demo", "ecdsa-p256", "automatic");
  const auto ra = Published(product.gateway, "demo").front();
  const std::string challenge = product.admin.CreateKey({.uses = 1000}).value;
  int number = 0;
  for (const Failing& failing : Failures(Device("demo", ra))) {
    CAPTURE(failing.name);
    const std::string source = std::to_string(++number), other = std::to_string(100 + number);
    CheckIsStopped(product.gateway, failing, source);
    const Device device("demo", ra);
    const Bytes sound = device.Request(challenge).Build();
    const auto is_stopped = [&](const Bytes& message) {
      return PostFrom(product.gateway, source, "demo", message).status == 429;
    };
    // What came back in between is spent again.
    CHECK(support::Eventually([&] { return is_stopped(failing.message) && is_stopped(sound); }));
    CHECK(InWord(PostFrom(product.gateway, other, "demo", sound)) == "SUCCESS");
  }
}

TEST_CASE("S-05 S-22 each budget of the gateway refuses whom it is for with 429, and counts it under its own name") {
  const Device device("manual");
  const auto budget = GENERATE_REF(values<GatewayBudget>({
      {"--failures-per-source", "failures", {"1", "1"}, "1", "2", OverBudget("source", "failures")},
      {"--decrypts-per-source", "decrypts", {"1", "1"}, "1", "2", OverBudget("source", "decrypts")},
      // Whoever failed is refused; for who never did it is not said here.
      {"--failures-in-all", "failures", {"1", "2"}, "1", "", OverBudget("all", "failures")},
      {"--decrypts-in-all", "decrypts", {"1", "2"}, "3", "", OverBudget("all", "decrypts")},
      {"--polls-per-source", "polls", {"1", "1"}, "1", "2", OverBudget("source", "polls")},
      {"--polls-in-all", "polls", {"1", "2"}, "3", "", OverBudget("all", "polls")},
  }));
  CAPTURE(budget.flag);
  const GatewayProgram gateway(Shared().engine, With(kBehindProxy, {budget.flag, "2"}));
  const Bytes sound = device.Request().Build(), poll = device.Poll().Build();
  // A broken one costs no decrypt, and a sound one is no failure.
  const Bytes broken = device.Request().TamperSignature().Build();
  const Bytes& spends = budget.of == "failures" ? broken : budget.of == "polls" ? poll : sound;
  REQUIRE(Verdict(device, sound) == "PENDING");
  const auto ask = [&](const std::string& source, const Bytes& message) {
    return PostFrom(gateway, source, "manual", message);
  };
  for (const std::string& source : budget.spending) {
    CHECK(InWord(ask(source, spends)) == (budget.of == "failures" ? "FAILURE 1" : "PENDING"));
  }
  const HttpReply refused = ask(budget.over, budget.of == "polls" ? poll : sound);
  CHECK(refused.status == 429);
  CHECK(refused.Field("Retry-After") == "60");
  if (!budget.free.empty()) CHECK(InWord(ask(budget.free, sound)) == "PENDING");
  // Polls and decrypts are counted apart.
  if (budget.of != "failures") CHECK(InWord(ask(budget.over, budget.of == "polls" ? sound : poll)) == "PENDING");
  CheckHasLine(gateway.Metrics(), budget.metric);
}

TEST_CASE("S-22 wrong challenges past the bound of a CA raise its alarm, and slow who brings them, nobody else") {
  Product product({"--challenge-failures-per-ca", "2"}, kBehindProxy);
  product.MakeCa("demo", "ecdsa-p256", "automatic");
  const auto ra = Published(product.gateway, "demo").front();
  const auto ask = [&](const std::string& source, const std::string& challenge) {
    return InWord(PostFrom(product.gateway, source, "demo", Device("demo", ra).Request(challenge).Build()));
  };
  const std::string metric = "certifier_challenge_alarms_total{cause=\"ca\"}";
  for (const char* source : {"1", "2"}) CHECK(ask(source, "wrong") == "FAILURE 2");
  CHECK(product.engine.Metrics().find(metric) == std::string::npos);
  for (const char* source : {"3", "4"}) CHECK(ask(source, "wrong") == "FAILURE 2");
  // Neither who was wrong before the bound waits, nor who never was.
  for (const char* source : {"1", "5"}) CHECK(ask(source, product.admin.CreateKey().value) == "SUCCESS");
  for (const char* source : {"3", "4"}) CHECK(ask(source, "wrong") == "429");
  const std::string metrics = product.engine.Metrics();
  CheckHasLine(metrics, metric + " 1");
  CheckHasLine(metrics, "certifier_challenge_failures_total 4");
  CheckHasLine(metrics, "certifier_challenge_slowed_sources 2");
  CHECK(metrics.find("cause=\"source\"") == std::string::npos);
}

TEST_CASE("S-40 each bound of what waits turns away whom it is for with 429, and is counted") {
  const auto budget = GENERATE(values<PendingBudget>({
      {"--pending-per-source", {{"device", "a", "1"}, {"other", "b", "1"}}, {"next", "c", "1"}, {"next", "c", "2"}},
      {"--pending-per-ca",
       {{"device", "a", "1"}, {"other", "b", "2"}},
       {"next", "c", "3"},
       {"next", "c", "3", "another"}},
      {"--pending-per-key", {{"device", "a", "1"}, {"device", "b", "2"}}, {"device", "c", "3"}, {"next", "c", "3"}},
      // The first, and two further names of it.
      {"--request-aliases",
       {{"device", "a", "1"}, {"device", "a", "2"}, {"device", "a", "3"}},
       {"device", "a", "4"},
       {"device", "b", "4"}},
  }));
  CAPTURE(budget.flag);
  Product product({budget.flag, "2"}, kBehindProxy);
  for (const char* ca : {"manual", "another"}) product.MakeCa(ca, "ecdsa-p256", "manual");
  for (const Waiting& wish : budget.waiting) CHECK(Wait(product, wish) == "PENDING");
  CHECK(Wait(product, budget.over) == "429");
  CHECK(Wait(product, budget.free) == "PENDING");
  CheckHasLine(product.engine.Metrics(), "certifier_pending_turned_away_total 1");
}
