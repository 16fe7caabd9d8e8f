#ifndef CERTIFIER_ENGINE_ENROLLMENT_ANSWER_ONCE_H
#define CERTIFIER_ENGINE_ENROLLMENT_ANSWER_ONCE_H

#include <functional>
#include <utility>

#include "enrollment/decision_record.h"
#include "enrollment/trace.h"

namespace engine::enrollment {

// AnswerOnce answers one call once, with the log line of it. One thread at a time works on it.
class AnswerOnce {
 public:
  explicit AnswerOnce(AnswerCallback done) : done_(std::move(done)) {}

  // Finish does nothing after the first time. What the call borrows may be gone when it returns.
  void Finish(const result::Result<Answer>& answer);
  // Tell finishes with a decision that wrote no row of its own, once the journal took the record of it. Unavailable
  // where that is full: what nobody could explain is not answered.
  void Tell(store::DecisionJournal& journal, TimePoint now, Answer answer);
  // Run runs a step on a worker. What escapes it is a bug or an empty memory, and is the answer: internal.
  void Run(const std::function<void()>& step);

  Trace trace;
  store::RequestIdentity identity;       // Of the message, as far as it is known,
  certifier::v1::DecisionRecord record;  // and what is known of the decision.

 private:
  AnswerCallback done_;
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_ANSWER_ONCE_H
