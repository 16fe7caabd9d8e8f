#include "ctl/exit_code.h"

#include <catch2/catch.hpp>

#include "ctl/commands.h"

using result::Reason;

TEST_CASE("every reason has the exit code that scripts rely on", "[ctl][exit-code]") {
  const auto [reason, code] = GENERATE(table<Reason, int>({{Reason::kMalformed, 2},
                                                           {Reason::kBadAlgorithm, 2},
                                                           {Reason::kBadMessageCheck, 2},
                                                           {Reason::kBadTime, 2},
                                                           {Reason::kUnknownCertificate, 3},
                                                           {Reason::kUnauthorized, 5},
                                                           {Reason::kPolicyRefused, 5},
                                                           {Reason::kNotFound, 3},
                                                           {Reason::kConflict, 4},
                                                           {Reason::kUnavailable, 6},
                                                           {Reason::kInternal, 1}}));
  CHECK(static_cast<int>(ctl::ExitCodeFor(reason)) == code);
}

TEST_CASE("errors lead to the command that helps", "[ctl][exit-code]") {
  CHECK(ctl::NextStep(ctl::CaShow{"x"}, {Reason::kNotFound, ""}) == "See: certifierctl ca list");
  CHECK(ctl::NextStep(ctl::RequestApprove{"17", ""}, {Reason::kConflict, ""}) == "See: certifierctl request show 17");
  CHECK(ctl::NextStep(ctl::RequestApprove{"17", ""}, {Reason::kPolicyRefused, ""}).starts_with("Nothing was changed."));
  CHECK(ctl::NextStep(ctl::KeyCreate(), {Reason::kMalformed, ""}) == "See: certifierctl key create --help");
}
