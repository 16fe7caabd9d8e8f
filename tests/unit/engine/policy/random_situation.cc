#include "random_policy.h"

namespace engine_test {

namespace {

using Texts = std::vector<std::string>;

// What operators may have written into attributes, for whatever parameter.
const Texts kAttributeValues = {"hall",   "vpn", "1", "7",    "4294967295",    "true", "hold",
                                "accept", "*",   "",  "a, b", "gw,device-*,,", "ü",    "${entity}"};

// otherName, directoryName and registeredID beside a dNSName.
pki::Bytes NamesWithoutText() {
  return pki::EncodeGeneralNames({{"other", "a00906032a0304a0020c00"},
                                  {"other", "a4023000"},
                                  {"other", "88032a0304"},
                                  {"dns", "a.example"}})
      .value();
}

const std::vector<Ask> kAsks = {
    {},
    {.subject = ""},
    {.subject = "", .alternative_names = {"dns:a.example"}},
    {.subject = "CN=gw,OU=x+CN=y", .alternative_names = {"dns:*.example", "ip:192.0.2.1", "uri:urn:a:b"}},
    {.subject = R"(CN=*,SERIALNUMBER=X-7,O=a\00b\0a\22\\)", .alternative_names = {"email:a@example.org"}},
    {.subject = "CN=#1e0400fcd83d,O=#020101,OU=#1401e4,2.5.4.99=#040161"},
    {.subject = "CN=#1e0400fc0041,2.5.4.3=#1401e4,emailAddress=a@example.org", .challenge = "secret-of-the-device"},
    {.extensions = {{"2.5.29.19", true, pki::Bytes("\x30\x03\x01\x01\xff", 5)},
                    {"2.5.29.15", true, pki::Bytes("\x03\x02\x01\x06", 4)},
                    {"2.5.29.37", false, pki::Bytes("\x30\x06\x06\x04\x55\x1d\x25\x00", 8)}}},
    {.extensions = {{"1.2.3.4", true, "not DER"},
                    {"1.2.3.4", false, ""},
                    {"1.3.6.1.4.1.311.25.2", false, "sid"},
                    {"1.3.6.1.5.5.7.1.24", false, pki::Bytes("\x30\x03\x02\x01\x05", 5)}}},
    {.extensions = {{"2.5.29.17", false, NamesWithoutText()}}},
};

// JSON text of many octets to a character, which does not end where a limit may be.
std::string LongText() {
  std::string text = "\"";
  for (int count = Below(4); count > 0; count--) text += "x";
  for (int count = 0; count < 100; count++) text += "𝄞";
  return text + "\"";
}

Attributes AnyAttributes() {
  Attributes attributes;
  for (const auto& name : kAttributeNames) {
    if (*rc::gen::arbitrary<bool>()) attributes[name] = *rc::gen::elementOf(kAttributeValues);
  }
  return attributes;
}

void AddEntity(Situation& situation) {
  situation.For(*rc::gen::element<std::string>("device-1", "gw"), AnyAttributes());
  const int certificates = Below(4);
  for (int i = 0; i < certificates; i++) situation.entity->active_certificates.push_back(11 + i);
  const int requests = Below(4);
  for (int i = 0; i < requests; i++) {
    situation.entity->recent_requests.push_back(kNow - std::chrono::minutes(i * 30));
  }
}

}  // namespace

rc::Gen<Situation> AnySituation(FakeWebhook& webhook) {
  return rc::gen::exec([&webhook] {
    const Device device(*rc::gen::element<std::string>("ecdsa-p256", "ecdsa-p384", "rsa-2048"));
    Situation situation(*rc::gen::elementOf(kAsks), device);
    if (Below(4) != 0) situation.WithKey(AnyAttributes());
    if (*rc::gen::arbitrary<bool>()) AddEntity(situation);
    if (Below(3) == 0) {
      situation.SignedBy({.key_number = Below(2), .renewal_count = static_cast<std::uint32_t>(Below(4))});
    }
    for (int i = std::min(Below(4), 2); i > 0; i--) {
      situation.ApprovedBy(*rc::gen::element<std::string>("alice", "bob"),
                           {*rc::gen::element<std::string>("network", "audit")});
    }
    using engine::policy::KeyUse;
    situation.key_use = *rc::gen::element(KeyUse::kNobody, KeyUse::kSameEntity, KeyUse::kOthers);
    situation.ca_not_after = *rc::gen::element(kCaEnd, kNow + std::chrono::seconds(1), kNow, TimePoint::max());
    if (*rc::gen::arbitrary<bool>()) situation.webhooks = &webhook;
    return situation;
  });
}

rc::Gen<std::string> AnyAnswer() {
  return rc::gen::exec([] {
    const Texts values = {"1",
                          "-1",
                          "60",
                          "1e400",
                          "18446744073709551615",
                          "18446744073709551616",
                          "null",
                          "true",
                          "\"\"",
                          "[]",
                          "{}",
                          "[7]",
                          "[\"x\"]",
                          "\"*\"",
                          "\"CN=gw\"",
                          "\"CN=\\u0000\"",
                          "\"\xff\"",
                          "[\"dns:b.example\", \"dns:*.example\"]",
                          "[\"client_auth\", \"1.2.3\"]",
                          "[\"2.5.29.37.0\"]",
                          LongText()};
    const auto value = [&] { return *rc::gen::elementOf(values); };
    std::string answer = R"({"verdict": )";
    answer += *rc::gen::element<std::string>("\"accept\"", "\"pass\"", "\"hold\"", "\"deny\"", value());
    if (*rc::gen::arbitrary<bool>()) answer += R"(, "reason": )" + value();
    if (*rc::gen::arbitrary<bool>()) {
      answer += R"(, "template": {)";
      std::string comma;
      for (int i = Below(3); i > 0; i--) {
        answer += comma + "\"" +
                  *rc::gen::element<std::string>("subject", "subject_alternative_names", "validity_seconds",
                                                 "extended_key_usage", "key_usage") +
                  "\": " + value();
        comma = ", ";
      }
      answer += "}";
    }
    answer += "}";
    // Now and then the end or an octet is lost.
    if (Below(8) == 0) answer.resize(static_cast<std::size_t>(Below(static_cast<int>(answer.size()))));
    return answer;
  });
}

}  // namespace engine_test
