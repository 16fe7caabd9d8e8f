#ifndef CERTIFIER_ENGINE_ENROLLMENT_ANSWER_ONCE_H
#define CERTIFIER_ENGINE_ENROLLMENT_ANSWER_ONCE_H

#include <functional>
#include <utility>

#include "enrollment/trace.h"

namespace engine::enrollment {

// AnswerOnce answers one call once, with the log line of it. One thread at a time works on it.
class AnswerOnce {
 public:
  explicit AnswerOnce(AnswerCallback done) : done_(std::move(done)) {}

  // Finish does nothing after the first time. What the call borrows may be gone when it returns.
  void Finish(const result::Result<Answer>& answer);
  // Run runs a step on a worker. What escapes it is a bug or an empty memory, and is the answer: internal.
  void Run(const std::function<void()>& step);

  Trace trace;

 private:
  AnswerCallback done_;
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_ANSWER_ONCE_H
