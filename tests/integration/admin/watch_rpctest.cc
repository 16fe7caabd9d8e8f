// certifierctl: lists that are watched.
#include <csignal>

#include "ctl_fixture.h"

namespace admin_test {

namespace {

class WatchFixture : public CtlFixture {
 public:
  // Begin runs a command that goes on.
  void Begin(const Words& words) {
    const auto tls = Files(Role::kOperator, "alice");
    Words command = {CERTIFIERCTL,        "--server",      address(),   "--tls-ca", tls.authority,
                     "--tls-certificate", tls.certificate, "--tls-key", tls.key};
    command.insert(command.end(), words.begin(), words.end());
    std::filesystem::create_directory(directory() / "watch");
    watch.emplace(directory() / "watch", command);
  }
  bool Prints(const std::string& text) {
    return support::Eventually([&] { return Has(watch->out(), text); });
  }
  int Interrupt() {
    watch->Signal(SIGINT);
    return watch->Wait();
  }

  std::optional<Child> watch;
};

}  // namespace

TEST_CASE_METHOD(WatchFixture, "a watched list prints what is new, and ends with 130 at Ctrl-C", "[ctl][watch]") {
  REQUIRE(Run({"ca", "create", "first"}).code == 0);
  Begin({"ca", "list", "--watch", "--watch-interval", "1s"});
  REQUIRE(Prints("first"));
  REQUIRE(Run({"ca", "create", "second"}).code == 0);
  REQUIRE(Prints("second"));
  CHECK(Interrupt() == 130);
  CHECK(watch->out().find("\nfirst") == watch->out().rfind("\nfirst"));
  CHECK(watch->err().empty());
}

TEST_CASE_METHOD(WatchFixture, "for programs a watched list prints an object a line", "[ctl][watch]") {
  Begin({"request", "list", "--watch", "--json", "--limit", "2"});
  REQUIRE(Prints("\n"));
  CHECK(Interrupt() == 130);
  const std::string first = watch->out().substr(0, watch->out().find('\n'));
  CHECK(json::parse(first)["request_id"] == "250");
}

TEST_CASE_METHOD(WatchFixture, "an outage of the engine is told once and does not end a watch", "[ctl][watch]") {
  Begin({"request", "list", "--watch", "--watch-interval", "1s", "--limit", "1"});
  REQUIRE(Prints("250"));
  engine().Stop();
  CHECK(support::Eventually([&] { return Has(watch->err(), "trying again each 1s"); }));
  CHECK(Interrupt() == 130);
}

TEST_CASE_METHOD(WatchFixture, "Ctrl-C ends a watch that waits for an answer", "[ctl][watch]") {
  Begin({"entity", "list", "--watch"});
  REQUIRE(engine().entities().WaitForCall());
  const auto began = std::chrono::steady_clock::now();
  CHECK(Interrupt() == 130);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(5));
}

TEST_CASE_METHOD(WatchFixture, "an interval out of bounds is refused", "[ctl][watch]") {
  for (const char* interval : {"999ms", "61m", "soon"}) {
    CHECK(Run({"request", "list", "--watch", "--watch-interval", interval}).code == 2);
  }
}

}  // namespace admin_test
