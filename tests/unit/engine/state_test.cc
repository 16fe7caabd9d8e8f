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

std::string Answered(RequestState state, bool is_identical, bool is_same_subject) {
  const PriorRequest prior = {7, state, "digest", "CN=a", "certificate"};
  const auto answer = AnswerFromPrior(prior, is_identical ? "digest" : "another", is_same_subject ? "CN=a" : "CN=b");
  if (!answer) return "judged anew";
  if (const auto* issued = std::get_if<Issued>(&*answer)) return issued->certificate;
  if (const auto* pending = std::get_if<Pending>(&*answer)) return "pending " + std::to_string(pending->request_id);
  return std::get<Rejected>(*answer).fail_info == FailInfo::kBadRequest ? "badRequest" : "another failInfo";
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

const engine::store::TimePoint kNow = engine::store::TimePoint(std::chrono::hours(480'000));

KeyRecord GoodKey() {
  KeyRecord key;
  key.ca_id = 1;
  key.is_entity_active = true;
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
  KeyRecord used_up = GoodKey(), inactive = GoodKey();
  used_up.use_count = 2;
  inactive.is_entity_active = false;
  CHECK(KeyFault(used_up, 1, At(kNow)) == "key_used_up");
  CHECK(KeyFault(inactive, 1, At(kNow)) == "entity_inactive");
}

TEST_CASE("a gateway's clock that is off costs nobody a good key", "[enrollment][key]") {
  const auto minutes = [](int count) { return std::chrono::minutes(count); };
  CHECK_FALSE(KeyFault(GoodKey(), 1, {kNow - minutes(4), kNow}));
  CHECK_FALSE(KeyFault(GoodKey(), 1, {kNow + minutes(62), kNow + minutes(59)}));
  CHECK_FALSE(KeyFault(GoodKey(), 1, {kNow + minutes(59), kNow + minutes(61)}));
  CHECK(KeyFault(GoodKey(), 1, {kNow + minutes(4), kNow - minutes(1)}) == "key_not_yet_good");
}

}  // namespace
