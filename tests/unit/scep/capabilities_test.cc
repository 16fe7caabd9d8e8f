#include <catch2/catch.hpp>

#include "scep/reply.h"

TEST_CASE("the default capabilities are one keyword a line and end in one LF", "[scep][capabilities]") {
  CHECK(scep::Capabilities({}, {}) ==
        "AES\nDES3\nPOSTPKIOperation\nRenewal\nSCEPStandard\nSHA-1\nSHA-256\nSHA-384\nSHA-512\n");
}

TEST_CASE("what is switched off is not advertised, and MD5 and DES never are", "[scep][capabilities]") {
  CHECK(scep::Capabilities({.allow_sha1 = false, .allow_des3 = false}, {.renewal = false}) ==
        "AES\nPOSTPKIOperation\nSCEPStandard\nSHA-256\nSHA-384\nSHA-512\n");
  CHECK(scep::Capabilities({.allow_md5 = true, .allow_des = true}, {}) == scep::Capabilities({}, {}));
}

TEST_CASE("GetNextCACert is advertised while there is a next CA", "[scep][capabilities]") {
  CHECK(scep::Capabilities({}, {.next_ca = true}) ==
        "AES\nDES3\nGetNextCACert\nPOSTPKIOperation\nRenewal\nSCEPStandard\nSHA-1\nSHA-256\nSHA-384\nSHA-512\n");
}
