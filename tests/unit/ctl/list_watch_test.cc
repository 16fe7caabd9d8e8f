#include "ctl/list_watch.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "certifier/v1/entity.pb.h"

namespace {

namespace v1 = certifier::v1;
using ctl::ExitCode;
using result::Reason;

// Lists shows lists of entities to a watch.
class Lists {
 public:
  explicit Lists(ctl::ListWatch::Settings settings) : watch_(out_, std::move(settings)) {}
  // What is written for a list of these, "NAME STATUS" each.
  std::string Show(const std::vector<std::pair<std::string, std::string>>& entities) {
    v1::ListEntitiesResponse response;
    ctl::Table table({{"NAME"}, {"STATUS"}, {"AGE"}});
    for (const auto& [name, status] : entities) {
      auto& entity = *response.add_entities();
      entity.set_name(name);
      entity.set_status(status);
      table.Add({name, status, std::to_string(round_) + "s"});
    }
    ++round_;
    watch_.Take(response, table);
    watch_.Show();
    return std::exchange(out_, std::ostringstream()).str();
  }

 private:
  std::ostringstream out_;
  ctl::ListWatch watch_;
  int round_ = 0;
};

// Script runs Repeat over answers, and remembers what people were told.
struct Script {
  std::vector<result::Result<void>> answers;
  int rounds_heard = 100;
  std::vector<std::string> happened = {};

  result::Result<ExitCode> Run() {
    std::size_t next = 0;
    return ctl::Repeat({.list = [&] { return answers.at(next++); },
                        .show = [&] { happened.emplace_back("shown"); },
                        .pause = [&] { return next < answers.size(); },
                        .tell =
                            [&](const result::Error* outage) {
                              happened.push_back(outage == nullptr ? "back" : "out: " + outage->detail);
                            },
                        .is_heard = [&] { return static_cast<int>(next) < rounds_heard; }});
  }
};

result::Result<void> Fails(Reason reason) {
  return result::Fail(reason, "no answer");
}

TEST_CASE("at a terminal a list takes the place of the one before", "[ctl][watch]") {
  Lists lists({.width = 80, .title = "Every 2s"});
  lists.Show({{"a", "active"}});
  const std::string second = lists.Show({{"a", "active"}, {"b", "active"}});
  CHECK(second.starts_with("\x1b[H\x1b[2JEvery 2s\n\nNAME"));
  CHECK(second.find("a  ") != std::string::npos);
  CHECK(second.find("b  ") != std::string::npos);
}

TEST_CASE("without a terminal what is new or changed is a line, and what grows older is not", "[ctl][watch]") {
  Lists lists({});
  CHECK(lists.Show({{"a", "active"}}) == "NAME  STATUS  AGE\na     active  0s\n");
  CHECK(lists.Show({{"a", "active"}}).empty());
  CHECK(lists.Show({{"b", "active"}, {"a", "active"}}) == "b     active  2s\n");
  CHECK(lists.Show({{"b", "active"}, {"a", "inactive"}}).starts_with("a     inactive"));
  CHECK(lists.Show({{"b", "active"}}).empty());
  CHECK(lists.Show({{"b", "active"}, {"a", "inactive"}}).starts_with("a "));
}

TEST_CASE("for programs what is new or changed is one JSON object a line", "[ctl][watch]") {
  const std::size_t width = GENERATE(std::size_t{0}, std::size_t{80});
  Lists lists({.is_json = true, .width = width});
  const std::string first = lists.Show({{"a\nb", "active"}, {"c", "active"}});
  CHECK(std::count(first.begin(), first.end(), '\n') == 2);
  CHECK(nlohmann::json::parse(first.substr(0, first.find('\n')))["name"] == "a\nb");
  CHECK(lists.Show({{"a\nb", "active"}, {"c", "active"}}).empty());
  CHECK(nlohmann::json::parse(lists.Show({{"a\nb", "active"}, {"c", "inactive"}}))["status"] == "inactive");
}

TEST_CASE("a watch ends with the code of an interruption", "[ctl][watch]") {
  Script script{{{}, {}, {}}};
  CHECK(script.Run() == ExitCode::kInterrupted);
  CHECK(script.happened == std::vector<std::string>{"shown", "shown", "shown"});
  CHECK(static_cast<int>(ExitCode::kInterrupted) == 130);
}

TEST_CASE("an outage is told once, and again that it is over", "[ctl][watch]") {
  Script script{{{}, Fails(Reason::kUnavailable), Fails(Reason::kUnavailable), {}, Fails(Reason::kUnavailable)}};
  CHECK(script.Run() == ExitCode::kInterrupted);
  CHECK(script.happened == std::vector<std::string>{"shown", "out: no answer", "back", "shown", "out: no answer"});
}

TEST_CASE("a service that was never there ends a watch, and so does what asking again does not mend", "[ctl][watch]") {
  Script away{{Fails(Reason::kUnavailable), {}}};
  CHECK(away.Run().error().reason == Reason::kUnavailable);
  Script refused{{{}, Fails(Reason::kUnauthorized), {}}};
  CHECK(refused.Run().error().reason == Reason::kUnauthorized);
  CHECK(refused.happened.size() == 1);
}

TEST_CASE("a watch ends where nobody reads any more", "[ctl][watch]") {
  Script script{{{}, {}, {}}, 2};
  CHECK(script.Run() == ExitCode::kOk);
  CHECK(script.happened.size() == 2);
}

}  // namespace
