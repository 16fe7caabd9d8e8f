#ifndef CERTIFIER_TESTS_INTEGRATION_ADMIN_CTL_FIXTURE_H
#define CERTIFIER_TESTS_INTEGRATION_ADMIN_CTL_FIXTURE_H

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "admin_fixture.h"

namespace admin_test {

using nlohmann::json;
using Words = std::vector<std::string>;

struct Answer {
  int code;
  std::string out, err;
};

// CtlFixture runs certifierctl as alice against the fixture's admin service.
class CtlFixture : public AdminFixture {
 public:
  Answer Run(const Words& words) { return RunAs(Files(Role::kOperator, "alice"), address(), words); }

  Answer RunAs(const service::TlsFiles& tls, const std::string& server, const Words& words) {
    Words command = {CERTIFIERCTL,        "--server",      server,      "--tls-ca", tls.authority,
                     "--tls-certificate", tls.certificate, "--tls-key", tls.key};
    command.insert(command.end(), words.begin(), words.end());
    Child child(directory(), command);
    const int code = child.Wait();
    return {code, child.out(), child.err()};
  }

  json Printed(Words words) {
    words.push_back("--json");
    const Answer answer = Run(words);
    INFO(answer.err);
    REQUIRE(answer.code == 0);
    return json::parse(answer.out);
  }

  std::filesystem::path Write(const std::string& name, const std::string& text) const {
    const auto path = directory() / name;
    std::ofstream(path) << text;
    return path;
  }
};

inline bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace admin_test

#endif  // CERTIFIER_TESTS_INTEGRATION_ADMIN_CTL_FIXTURE_H
