#include "config.h"

#include <catch2/catch.hpp>

namespace {

using engine::Config;

bool IsRefusedFor(const Config& config, const std::string& flag) {
  const auto checked = config.Check();
  return !checked && checked.error().reason == result::Reason::kMalformed &&
         checked.error().detail.find(flag) != std::string::npos;
}

TEST_CASE("the settings of every installation go together", "[config]") {
  CHECK(Config().Check());
}

TEST_CASE("a new RA is not due for renewal at once", "[config][bounds]") {
  Config config;
  config.registration_authority_renewal = config.registration_authority_validity - std::chrono::seconds(1);
  CHECK(config.Check());
  config.registration_authority_renewal = config.registration_authority_validity;
  CHECK(IsRefusedFor(config, "--ra-validity"));
}

TEST_CASE("an RA serves its retirement before it ends", "[config][bounds]") {
  Config config;
  config.registration_authority_renewal =
      config.key_retirement + config.registration_authority_lead + std::chrono::seconds(1);
  CHECK(config.Check());
  config.registration_authority_renewal -= std::chrono::seconds(1);
  CHECK(IsRefusedFor(config, "--key-retirement"));
}

}  // namespace
