#include "enrollment/answer_once.h"

#include <exception>

namespace engine::enrollment {

void AnswerOnce::Finish(const result::Result<Answer>& answer) {
  if (!done_) return;
  if (answer) {
    if (const auto* pending = std::get_if<Pending>(&*answer)) trace.request_id = pending->request_id;
  }
  WriteTrace(trace, answer);
  std::exchange(done_, nullptr)(answer);
}

void AnswerOnce::Tell(store::DecisionJournal& journal, TimePoint now, Answer answer) {
  if (const auto* pending = std::get_if<Pending>(&answer)) trace.request_id = pending->request_id;
  Conclude(identity, {OutcomeOf(answer), trace.reason, now, std::chrono::steady_clock::now() - trace.begun}, record);
  if (!journal.Note(ToJournal(identity, trace.request_id, now, record))) {
    return Finish(result::Fail(result::Reason::kUnavailable, "too many decisions wait to be written"));
  }
  trace.decision_id = record.decision_id();
  if (auto* rejected = std::get_if<Rejected>(&answer)) rejected->decision_id = record.decision_id();
  Finish(std::move(answer));
}

void AnswerOnce::Run(const std::function<void()>& step) {
  try {
    step();
  } catch (const std::exception& exception) {
    Finish(result::Fail(result::Reason::kInternal, exception.what()));
  }
}

}  // namespace engine::enrollment
