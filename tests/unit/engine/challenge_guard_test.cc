#include "enrollment/challenge_guard.h"

#include <catch2/catch.hpp>

#include "enrollment_fixture.h"
#include "service/metrics.h"

namespace {

using engine::TimePoint;
using engine::enrollment::ChallengeGuard;
using engine_test::Ask;
using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::Message;
using Alarm = ChallengeGuard::Alarm;
using Alarms = std::vector<Alarm>;
using namespace std::chrono_literals;

const TimePoint kNow{std::chrono::hours(1'000'000)};
const ChallengeGuard::Attempt kAttempt = {1, "192.0.2.1"};

// Three wrong keys in ten minutes, then waits of one second and up to a minute.
ChallengeGuard::Settings Small() {
  ChallengeGuard::Settings settings;
  settings.per_source = 3;
  settings.per_ca = 0;
  settings.longest_delay = 1min;
  return settings;
}

Alarms Wrong(ChallengeGuard& guard, int times, const ChallengeGuard::Attempt& attempt = kAttempt,
             TimePoint now = kNow) {
  Alarms alarms;
  for (int i = 0; i < times; i++) {
    for (const Alarm alarm : guard.NoteWrong(attempt, now)) alarms.push_back(alarm);
  }
  return alarms;
}

TEST_CASE("a source may be wrong so often; then it waits, and each further wrong key doubles the wait",
          "[enrollment][challenge]") {
  ChallengeGuard guard(Small());
  Wrong(guard, 3);
  CHECK(guard.DelayFor(kAttempt, kNow) == 0s);
  CHECK(guard.slowed(kNow) == 0);
  for (const auto delay : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    Wrong(guard, 1);
    CHECK(guard.DelayFor(kAttempt, kNow) == delay);
    CHECK(guard.DelayFor(kAttempt, kNow + delay - 1ms) == 1ms);
    CHECK(guard.DelayFor(kAttempt, kNow + delay) == 0s);
  }
  CHECK(guard.slowed(kNow) == 1);
}

TEST_CASE("nobody but the source at that CA waits", "[enrollment][challenge]") {
  ChallengeGuard guard(Small());
  Wrong(guard, 5);
  CHECK(guard.DelayFor(kAttempt, kNow) > 0s);
  CHECK(guard.DelayFor({1, "192.0.2.2"}, kNow) == 0s);
  CHECK(guard.DelayFor({2, "192.0.2.1"}, kNow) == 0s);
  Wrong(guard, 5, {1, "2001:db8:0:1::1"});
  CHECK(guard.DelayFor({1, "2001:db8:0:1:ffff::2"}, kNow) > 0s);
  CHECK(guard.DelayFor({1, "2001:db8:0:2::1"}, kNow) == 0s);
}

TEST_CASE("wrong keys are forgiven evenly, and a device that errs now and then never waits",
          "[enrollment][challenge]") {
  ChallengeGuard guard(Small());
  for (int i = 0; i < 100; i++) Wrong(guard, 1, kAttempt, kNow + i * 200s);
  CHECK(guard.DelayFor(kAttempt, kNow + 99 * 200s) == 0s);
  Wrong(guard, 100);
  // However many they were, they do not keep the source away for hours.
  CHECK(guard.slowed(kNow + 30h) == 0);
}

TEST_CASE("an alarm is raised once for an episode", "[enrollment][challenge]") {
  ChallengeGuard guard(Small());
  CHECK(Wrong(guard, 3).empty());
  CHECK(Wrong(guard, 20) == Alarms{Alarm::kSource});
  CHECK(Wrong(guard, 5, kAttempt, kNow + 10min).empty());
  CHECK(Wrong(guard, 3, kAttempt, kNow + 100h).empty());
  CHECK(Wrong(guard, 1, kAttempt, kNow + 100h) == Alarms{Alarm::kSource});
}

// Flood brings one wrong key to CA 1 from each of so many sources, from "198.51.100.0" on.
Alarms Flood(ChallengeGuard& guard, int sources) {
  Alarms alarms;
  for (int i = 0; i < sources; i++) {
    const std::string source = "198.51.100." + std::to_string(i);
    for (const Alarm alarm : guard.NoteWrong({1, source}, kNow)) alarms.push_back(alarm);
  }
  return alarms;
}

ChallengeGuard::Settings SmallForCa() {
  auto settings = Small();
  settings.per_ca = 50;
  settings.ca_delay = 20s;
  return settings;
}

TEST_CASE("many sources that are each wrong a little raise an alarm for the CA, once", "[enrollment][challenge]") {
  ChallengeGuard guard(SmallForCa());
  CHECK(Flood(guard, 50).empty());
  CHECK(guard.slowed(kNow) == 0);
  CHECK(Flood(guard, 100) == Alarms{Alarm::kCa});
  CHECK(Wrong(guard, 3, {2, "192.0.2.1"}).empty());
}

TEST_CASE("past a CA's bound each wrong key makes its source wait, and nobody else", "[enrollment][challenge]") {
  ChallengeGuard guard(SmallForCa());
  Flood(guard, 50);
  CHECK(guard.DelayFor({1, "198.51.100.49"}, kNow) == 0s);
  Flood(guard, 1);
  CHECK(guard.DelayFor({1, "198.51.100.0"}, kNow) == 20s);
  CHECK(guard.DelayFor({1, "198.51.100.0"}, kNow + 20s) == 0s);
  // Who was wrong before that, who never was, and who comes to another CA.
  CHECK(guard.DelayFor({1, "198.51.100.49"}, kNow) == 0s);
  CHECK(guard.DelayFor({1, "192.0.2.1"}, kNow) == 0s);
  CHECK(guard.DelayFor({2, "198.51.100.0"}, kNow) == 0s);
  CHECK(guard.slowed(kNow) == 1);
  CHECK(Wrong(guard, 1, {2, "192.0.2.1"}).empty());
  CHECK(guard.DelayFor({2, "192.0.2.1"}, kNow) == 0s);
}

TEST_CASE("the wait for a CA's sake ends with its episode, and is no shorter than the source's own",
          "[enrollment][challenge][bounds]") {
  ChallengeGuard guard(SmallForCa());
  Flood(guard, 51);
  // Ten are forgiven in two minutes.
  Wrong(guard, 1, kAttempt, kNow + 2min);
  CHECK(guard.DelayFor(kAttempt, kNow + 2min) == 0s);
  ChallengeGuard flooded(SmallForCa());
  Flood(flooded, 100);
  Wrong(flooded, 9);
  CHECK(flooded.DelayFor(kAttempt, kNow) == 32s);
  auto settings = SmallForCa();
  settings.ca_delay = 0s;
  ChallengeGuard patient(settings);
  CHECK(Flood(patient, 100) == Alarms{Alarm::kCa});
  CHECK(patient.DelayFor({1, "198.51.100.99"}, kNow) == 0s);
  settings = SmallForCa();
  settings.per_source = 0;
  ChallengeGuard for_the_ca(settings);
  CHECK(Flood(for_the_ca, 100) == Alarms{Alarm::kCa});
  CHECK(for_the_ca.DelayFor({1, "198.51.100.99"}, kNow) == 20s);
}

TEST_CASE("a used-up key that comes again raises an alarm once in a window, and counts as a wrong one",
          "[enrollment][challenge]") {
  ChallengeGuard guard(Small());
  CHECK(guard.NoteUsedUp(kAttempt, "AAAA", kNow) == Alarms{Alarm::kUsedUpKey});
  CHECK(guard.NoteUsedUp(kAttempt, "AAAA", kNow).empty());
  CHECK(guard.NoteUsedUp(kAttempt, "BBBB", kNow) == Alarms{Alarm::kUsedUpKey});
  CHECK(guard.NoteUsedUp(kAttempt, "AAAA", kNow) == Alarms{Alarm::kSource});
  CHECK(guard.NoteUsedUp({1, "192.0.2.9"}, "AAAA", kNow + 9min).empty());
  CHECK(guard.NoteUsedUp({1, "192.0.2.9"}, "AAAA", kNow + 19min) == Alarms{Alarm::kUsedUpKey});
}

TEST_CASE("so many sources are remembered; who was wrong longest ago is forgotten", "[enrollment][challenge][bounds]") {
  auto settings = Small();
  settings.max_sources = 2;
  ChallengeGuard guard(settings);
  for (const char* source : {"192.0.2.1", "192.0.2.2", "192.0.2.3"}) Wrong(guard, 4, {1, source});
  CHECK(guard.slowed(kNow) == 2);
  CHECK(guard.DelayFor({1, "192.0.2.1"}, kNow) == 0s);
  CHECK(guard.DelayFor({1, "192.0.2.3"}, kNow) == 1s);
}

TEST_CASE("no bound means that nobody waits, and a clock set back makes nobody wait for longer",
          "[enrollment][challenge]") {
  auto settings = Small();
  ChallengeGuard guard(settings);
  Wrong(guard, 20);
  CHECK(guard.DelayFor(kAttempt, kNow - 1000h) == settings.longest_delay);
  settings.per_source = 0;
  ChallengeGuard open(settings);
  CHECK(Wrong(open, 1000).empty());
  CHECK(open.DelayFor(kAttempt, kNow) == 0s);
  CHECK(open.slowed(kNow) == 0);
}

Message With(const std::string& challenge, const std::string& transaction_id, const std::string& source) {
  Message message;
  message.ask.challenge = challenge;
  message.ask.subject = "CN=device-1";
  message.transaction_id = transaction_id;
  message.source = source;
  return message;
}

bool HasMetric(const std::string& line) {
  return service::MetricsText().find(line) != std::string::npos;
}

// Guess brings so many wrong keys, each for a request of its own, and gives the outcomes.
std::vector<std::string> Guess(EnrollmentFixture& engine, const std::string& source, int times) {
  std::vector<std::string> outcomes;
  for (int i = 0; i < times; i++) {
    const std::string wrong = "wrong-" + std::to_string(i);
    outcomes.push_back(engine.Submit(Device(), With(wrong, source + wrong, source)).outcome);
  }
  return outcomes;
}

TEST_CASE_METHOD(EnrollmentFixture, "past the bound even the right key waits, at another source it does not",
                 "[enrollment][challenge][submit]") {
  const auto outcomes = Guess(*this, "192.0.2.66", 12);
  CHECK(std::count(outcomes.begin(), outcomes.end(), "badRequest") == 11);
  CHECK(outcomes.back() == "delayed");
  CHECK(guard.slowed(now()) == 1);
  engine::enrollment::KeySpecification twice;
  twice.use_limit = 3;
  const std::string key = Mint(twice);
  CHECK(Submit(Device(), With(key, "tx-a", "192.0.2.66")).outcome == "delayed");
  CHECK(UseCount() == 0);
  CHECK(Submit(Device(), With(key, "tx-a", "192.0.2.7")).outcome == "issued");
  // What brings no challenge guesses none.
  CHECK(Submit(Device(), With("", "tx-b", "192.0.2.66")).outcome == "pending");
  Pass(2s);
  CHECK(Submit(Device(), With(key, "tx-c", "192.0.2.66")).outcome == "issued");
  CHECK(HasMetric("certifier_challenge_alarms_total{cause=\"source\"}"));
  CHECK(HasMetric("certifier_challenge_delayed_total"));
  CHECK(HasMetric("certifier_challenge_failures_total"));
}

TEST_CASE_METHOD(EnrollmentFixture, "a flood of wrong keys from many sources keeps away nobody who has the right one",
                 "[enrollment][challenge][submit]") {
  for (int i = 0; i < 201; i++) Guess(*this, "198.51." + std::to_string(i) + ".1", 1);
  // Who errs once waits for a while, and then enrols; who does not err enrols at once.
  CHECK(Guess(*this, "192.0.2.66", 2) == std::vector<std::string>{"badRequest", "delayed"});
  engine::enrollment::KeySpecification twice;
  twice.use_limit = 2;
  const std::string key = Mint(twice);
  CHECK(Submit(Device(), With(key, "tx-a", "192.0.2.66")).outcome == "delayed");
  CHECK(Submit(Device(), With(key, "tx-a", "192.0.2.7")).outcome == "issued");
  Pass(2min);
  CHECK(Submit(Device("ecdsa-p256", 1), With(key, "tx-b", "192.0.2.66")).outcome == "issued");
}

TEST_CASE_METHOD(EnrollmentFixture, "a used-up key with another request is an alarm, with the same one it is none",
                 "[enrollment][challenge][submit]") {
  const std::string key = Mint();
  Message message = With(key, "tx-1", "192.0.2.7");
  message.request = Device().Request(message.ask);
  for (int i = 0; i < 2; i++) REQUIRE(Submit(Device(), message).outcome == "issued");
  const std::string reference_number = store.ListKeys("", {})->front().reference_number;
  const auto is_noted = [&] {
    // Noted anew it would begin an episode.
    return guard.NoteUsedUp({1, "192.0.2.99"}, reference_number, now()).empty();
  };
  CHECK_FALSE(is_noted());
  Pass(1h);
  CHECK(Submit(Device("ecdsa-p256", 1), With(key, "tx-2", "192.0.2.7")).outcome == "badRequest");
  CHECK(is_noted());
}

}  // namespace
