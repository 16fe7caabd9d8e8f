#include "enrollment/state.h"

#include <catch2/catch.hpp>
#include <map>

#include "enrollment/key_check.h"
#include "enrollment/prior.h"

namespace {

using engine::enrollment::AnswerFromPrior;
using engine::enrollment::Event;
using engine::enrollment::FailInfo;
using engine::enrollment::Issued;
using engine::enrollment::KeyFault;
using engine::enrollment::Next;
using engine::enrollment::Pending;
using engine::enrollment::Rejected;
using engine::enrollment::Repetition;
using engine::store::KeyRecord;
using engine::store::PriorRequest;
using engine::store::RequestState;

constexpr RequestState kStates[] = {RequestState::kPending, RequestState::kPostponed, RequestState::kApproved,
                                    RequestState::kIssued,  RequestState::kRejected,  RequestState::kExpired};
constexpr Event kEvents[] = {Event::kApprove, Event::kIssue,  Event::kPostpone,
                             Event::kResume,  Event::kReject, Event::kExpire};

TEST_CASE("a request goes through its states as written down, and no other way", "[enrollment][state]") {
  const std::map<std::pair<RequestState, Event>, RequestState> allowed = {
      {{RequestState::kPending, Event::kApprove}, RequestState::kApproved},
      {{RequestState::kPending, Event::kIssue}, RequestState::kIssued},
      {{RequestState::kPending, Event::kPostpone}, RequestState::kPostponed},
      {{RequestState::kPending, Event::kReject}, RequestState::kRejected},
      {{RequestState::kPending, Event::kExpire}, RequestState::kExpired},
      {{RequestState::kPostponed, Event::kApprove}, RequestState::kApproved},
      {{RequestState::kPostponed, Event::kIssue}, RequestState::kIssued},
      {{RequestState::kPostponed, Event::kResume}, RequestState::kPending},
      {{RequestState::kPostponed, Event::kReject}, RequestState::kRejected},
      {{RequestState::kPostponed, Event::kExpire}, RequestState::kExpired},
      {{RequestState::kApproved, Event::kIssue}, RequestState::kIssued}};
  for (const auto state : kStates) {
    for (const auto event : kEvents) {
      const auto next = Next(state, event);
      const auto expected = allowed.find({state, event});
      CAPTURE(int(state), int(event));
      REQUIRE(next.has_value() == (expected != allowed.end()));
      if (next) CHECK(*next == expected->second);
      if (!next) CHECK(next.error().reason == result::Reason::kConflict);
    }
  }
}

const engine::store::TimePoint kNow = engine::store::TimePoint(std::chrono::hours(480'000));

// Given a first issue by generation 3, and a message to it that comes ten days later.
PriorRequest Prior(RequestState state) {
  PriorRequest prior;
  prior.request_id = 7;
  prior.state = state;
  prior.csr_sha256 = "digest";
  prior.subject = "CN=a";
  prior.certificate = "certificate";
  prior.ca_generation_id = 3;
  prior.issued_at = kNow - std::chrono::hours(240);
  prior.not_after = kNow + std::chrono::hours(240);
  return prior;
}

Repetition Message() {
  return {"digest", "CN=a", std::nullopt, 3, 3, kNow, std::chrono::hours(720)};
}

std::string Answered(const PriorRequest& prior, const Repetition& message) {
  const auto answer = AnswerFromPrior(prior, message);
  if (!answer) return "judged anew";
  if (const auto* issued = std::get_if<Issued>(&*answer)) return issued->certificate;
  if (const auto* pending = std::get_if<Pending>(&*answer)) return "pending " + std::to_string(pending->request_id);
  return std::get<Rejected>(*answer).fail_info == FailInfo::kBadRequest ? "badRequest" : "another failInfo";
}

std::string Answered(RequestState state, bool is_identical, bool is_same_subject) {
  Repetition message = Message();
  if (!is_identical) message.csr_sha256 = "another";
  if (!is_same_subject) message.subject = "CN=b";
  return Answered(Prior(state), message);
}

TEST_CASE("an earlier request answers as requirements P-30 say", "[enrollment][prior]") {
  const auto open = GENERATE(RequestState::kPending, RequestState::kPostponed, RequestState::kApproved);
  CHECK(Answered(open, true, true) == "pending 7");
  CHECK(Answered(open, false, true) == "pending 7");
  CHECK(Answered(open, false, false) == "badRequest");
  CHECK(Answered(RequestState::kIssued, true, true) == "certificate");
  CHECK(Answered(RequestState::kIssued, false, true) == "judged anew");
  CHECK(Answered(RequestState::kIssued, false, false) == "judged anew");
  CHECK(Answered(RequestState::kRejected, true, true) == "badRequest");
  CHECK(Answered(RequestState::kRejected, false, true) == "judged anew");
  CHECK(Answered(RequestState::kExpired, true, true) == "judged anew");
}

TEST_CASE("an issued request answers until its certificate or the retention ends", "[enrollment][prior][bounds]") {
  PriorRequest prior = Prior(RequestState::kIssued);
  const auto second = std::chrono::seconds(1);
  prior.not_after = kNow + second;
  prior.issued_at = kNow - std::chrono::hours(720) + second;
  CHECK(Answered(prior, Message()) == "certificate");
  prior.not_after = kNow;
  CHECK(Answered(prior, Message()) == "judged anew");
  prior.not_after = kNow + second;
  prior.issued_at = kNow - std::chrono::hours(720);
  CHECK(Answered(prior, Message()) == "judged anew");
  prior.is_revoked = true;
  CHECK(Answered(prior, Message()) == "badRequest");
}

TEST_CASE("a renewal is answered by a renewal of the same certificate alone", "[enrollment][prior]") {
  PriorRequest prior = Prior(RequestState::kIssued);
  Repetition message = Message();
  message.renewed_certificate_id = 11;
  CHECK(Answered(prior, message) == "judged anew");
  prior.renewed_certificate_id = 10;
  CHECK(Answered(prior, message) == "judged anew");
  prior.is_revoked = true;
  CHECK(Answered(prior, message) == "judged anew");
  prior.renewed_certificate_id = 11;
  CHECK(Answered(prior, message) == "badRequest");
  prior.is_revoked = false;
  CHECK(Answered(prior, message) == "certificate");
  message.renewed_certificate_id.reset();
  CHECK(Answered(prior, message) == "certificate");
}

TEST_CASE("a certificate answers who addressed the generation that issued it, or that issues now",
          "[enrollment][prior]") {
  const PriorRequest prior = Prior(RequestState::kIssued);
  Repetition message = Message();
  message.ca_generation_id = 4;
  CHECK(Answered(prior, message) == "certificate");
  message.addressed_generation_id = 4;
  CHECK(Answered(prior, message) == "judged anew");
  message.ca_generation_id = 3;
  CHECK(Answered(prior, message) == "certificate");
}

KeyRecord GoodKey() {
  KeyRecord key;
  key.ca_id = 1;
  key.entity.is_active = true;
  key.use_limit = 2;
  key.use_count = 1;
  key.not_before = kNow;
  key.expires_at = kNow + std::chrono::hours(1);
  return key;
}

// At is both clocks at one moment.
engine::enrollment::KeyTimes At(engine::store::TimePoint moment) {
  return {moment, moment};
}

TEST_CASE("a good key has no fault from its first to its last moment", "[enrollment][key]") {
  CHECK_FALSE(KeyFault(GoodKey(), 1, At(kNow)));
  CHECK_FALSE(KeyFault(GoodKey(), 1, At(kNow + std::chrono::hours(1) - std::chrono::nanoseconds(1))));
}

TEST_CASE("each fault of a key is found", "[enrollment][key]") {
  CHECK(KeyFault(std::nullopt, 1, At(kNow)) == "key_unknown");
  CHECK(KeyFault(GoodKey(), 2, At(kNow)) == "key_of_another_ca");
  CHECK(KeyFault(GoodKey(), 1, At(kNow - std::chrono::nanoseconds(1))) == "key_not_yet_good");
  CHECK(KeyFault(GoodKey(), 1, At(kNow + std::chrono::hours(1))) == "key_expired");
  KeyRecord used_up = GoodKey(), reserved = GoodKey(), inactive = GoodKey(), disabled = GoodKey();
  used_up.use_count = 2;
  reserved.reserved_count = 1;
  disabled.is_disabled = true;
  inactive.entity.is_active = false;
  CHECK(KeyFault(used_up, 1, At(kNow)) == "key_used_up");
  CHECK(KeyFault(reserved, 1, At(kNow)) == "key_used_up");
  CHECK(KeyFault(inactive, 1, At(kNow)) == "entity_inactive");
  CHECK(KeyFault(disabled, 1, At(kNow)) == "key_disabled");
  reserved.is_reserved_for_requester = true;
  CHECK_FALSE(KeyFault(reserved, 1, At(kNow)));
}

TEST_CASE("a gateway's clock that is off costs nobody a good key", "[enrollment][key]") {
  const auto minutes = [](int count) { return std::chrono::minutes(count); };
  CHECK_FALSE(KeyFault(GoodKey(), 1, {kNow - minutes(4), kNow}));
  CHECK_FALSE(KeyFault(GoodKey(), 1, {kNow + minutes(62), kNow + minutes(59)}));
  CHECK_FALSE(KeyFault(GoodKey(), 1, {kNow + minutes(59), kNow + minutes(61)}));
  CHECK(KeyFault(GoodKey(), 1, {kNow + minutes(4), kNow - minutes(1)}) == "key_not_yet_good");
}

}  // namespace
