#include <catch2/catch.hpp>

#include "identity.h"
#include "openssl_x509.h"
#include "pki/der.h"

using namespace testing;
using pki::Bytes;
using pki::ByteView;
using std::chrono::system_clock;
namespace der = pki::der;

namespace {

std::string TimeOf(std::uint8_t tag, ByteView text) {
  const auto time = der::ParseTime({tag, text, {}});
  return time ? std::to_string(system_clock::to_time_t(*time)) : "refused";
}

Bytes Contents(const Bytes& element) {
  return Bytes(Must(der::ReadOnly(element, der::kObjectIdentifier)).value);
}

std::string OidText(std::string_view hex) {
  return der::OidToString(Must(pki::FromHex(hex)));
}

}  // namespace

TEST_CASE("times are written as OpenSSL writes them and read back", "[pki][der]") {
  const std::time_t time =
      GENERATE(-631152000, -631152001, 0, 951782400, 1735689599, 2524607999, 2524608000, 4102444800);
  const auto point = system_clock::from_time_t(time);
  const Bytes written = der::EncodeTime(point);
  CHECK(written == reference::Time(time));
  CHECK(Must(der::ParseTime(Must(der::Reader(written).Next()))) == point);
}

TEST_CASE("both forms of time are read, UTCTime without seconds too", "[pki][der]") {
  CHECK(TimeOf(der::kUtcTime, "700101000000Z") == "0");
  CHECK(TimeOf(der::kUtcTime, "7001010001Z") == "60");
  CHECK(TimeOf(der::kGeneralizedTime, "19700101000001Z") == "1");
  CHECK(TimeOf(der::kUtcTime, "490101000000Z") == "2493072000");
  CHECK(TimeOf(der::kUtcTime, "500101000000Z") == "-631152000");
}

TEST_CASE("a time outside the profile of RFC 5280 is refused", "[pki][der]") {
  const auto* const text = GENERATE("", "Z", "700101000000", "700101000000+0100", "700001000000Z", "701301000000Z",
                                    "700100000000Z", "700230000000Z", "700101240000Z", "700101006000Z", "700101000061Z",
                                    "70010100000aZ", "-00101000000Z", "700101000000ZZ", "700101000000.5Z");
  CAPTURE(text);
  CHECK(TimeOf(der::kUtcTime, text) == "refused");
}

TEST_CASE("a generalized time with fractions, an offset or without seconds is refused", "[pki][der]") {
  for (const char* text :
       {"20240101000000.5Z", "20240101000000+0100", "202401010000Z", "20240101000000", "20230229000000Z"}) {
    CAPTURE(text);
    CHECK(TimeOf(der::kGeneralizedTime, text) == "refused");
  }
  CHECK(TimeOf(der::kOctetString, "20240101000000Z") == "refused");
}

TEST_CASE("a time that the clock cannot hold is the last one that it can", "[pki][der]") {
  const auto last = der::ParseTime({der::kGeneralizedTime, "99991231235959Z", {}});
  CHECK(Must(last) > system_clock::from_time_t(9000000000));
  CHECK(Must(der::ParseTime({der::kGeneralizedTime, "00010101000000Z", {}})) < system_clock::from_time_t(-9000000000));
}

TEST_CASE("object identifiers are written as OpenSSL writes them and read back", "[pki][der]") {
  const std::string dotted =
      GENERATE("0.0", "0.39", "1.0", "1.39", "2.0", "2.47", "2.48", "2.999.1", "1.2.840.113549.1.1.1", "2.5.29.17",
               "1.3.6.1.4.1.311.2.1.14", "1.2.4611686018427387903");
  const Bytes written = Must(der::EncodeOid(dotted));
  CHECK(written == reference::ObjectIdentifier(dotted));
  CHECK(der::OidToString(Contents(written)) == dotted);
}

TEST_CASE("what is no object identifier is refused", "[pki][der]") {
  const auto* const dotted = GENERATE("", "1", "1.", ".1", "1..2", "1.2.", "3.1", "0.40", "1.40", "a.b", "1.-2", "1.+2",
                                      "1.2 ", " 1.2", "1.2.4611686018427387904", "1.2.99999999999999999999");
  CAPTURE(dotted);
  CHECK_FALSE(der::EncodeOid(dotted).has_value());
}

TEST_CASE("an object identifier of 33 arcs is refused", "[pki][der]") {
  std::string dotted = "1.2";
  for (int i = 2; i < 32; i++) dotted += ".3";
  CHECK(der::EncodeOid(dotted).has_value());
  CHECK_FALSE(der::EncodeOid(dotted + ".3").has_value());
}

TEST_CASE("broken object identifiers never look like sound ones", "[pki][der]") {
  CHECK(OidText("550403") == "2.5.4.3");
  CHECK(OidText("") == "#");
  CHECK(OidText("5504") == "2.5.4");
  CHECK(OidText("550483") == "#550483");
  CHECK(OidText("55048003") == "#55048003");
  CHECK(OidText("805503") == "#805503");
  CHECK(OidText("2affffffffffffffffff7f") == "#2affffffffffffffffff7f");
}
