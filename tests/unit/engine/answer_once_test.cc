#include "enrollment/answer_once.h"

#include <catch2/catch.hpp>
#include <stdexcept>
#include <vector>

namespace {

using engine::enrollment::Answer;
using engine::enrollment::AnswerOnce;
using engine::enrollment::Pending;
using engine::enrollment::Rejected;

using Answers = std::vector<result::Result<Answer>>;

TEST_CASE("a call is answered once", "[enrollment]") {
  Answers answers;
  AnswerOnce once([&](auto answer) { answers.push_back(std::move(answer)); });
  once.Finish(Answer(Pending{7}));
  once.Finish(Answer(Rejected{}));
  REQUIRE(answers.size() == 1);
  CHECK(std::get<Pending>(*answers[0]).request_id == 7);
  CHECK(once.trace.request_id == 7);
}

TEST_CASE("what escapes a step is the answer, unless there was one", "[enrollment]") {
  Answers answers;
  AnswerOnce once([&](auto answer) { answers.push_back(std::move(answer)); });
  const bool is_answered = GENERATE(false, true);
  once.Run([&] {
    if (is_answered) once.Finish(Answer(Rejected{}));
    throw std::runtime_error("a bug");
  });
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].has_value() == is_answered);
  if (!is_answered) CHECK(answers[0].error().reason == result::Reason::kInternal);
}

}  // namespace
