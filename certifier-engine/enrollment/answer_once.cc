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

void AnswerOnce::Run(const std::function<void()>& step) {
  try {
    step();
  } catch (const std::exception& exception) {
    Finish(result::Fail(result::Reason::kInternal, exception.what()));
  }
}

}  // namespace engine::enrollment
