// The shapes of CAs, their rollover (requirements part 4) and the renewal of their RAs.

#include <catch2/catch.hpp>

#include "authority/registration_authority_keeper.h"
#include "enrollment_fixture.h"
#include "pki/cms.h"

namespace {

using engine::authority::CaSpecification;
using engine::authority::CertificationAuthority;
using engine::authority::RegistrationAuthorityKeeper;
using engine::store::GenerationState;
using engine::store::RegistrationAuthorityState;
using engine::store::RegistrationAuthorityUsage;
using engine_test::Device;
using engine_test::EnrollmentFixture;
using engine_test::Message;
using engine_test::VERDICT_ACCEPT, engine_test::VERDICT_DENY, engine_test::VERDICT_HOLD;
using result::Reason;
using std::chrono::hours;

constexpr hours kDay{24};

unsigned KeyUsageOf(const pki::Certificate& certificate) {
  const auto extensions = *certificate.extensions();
  for (const unsigned bits : {pki::kDigitalSignature | pki::kKeyEncipherment, unsigned{pki::kDigitalSignature},
                              unsigned{pki::kKeyEncipherment}, pki::kKeyCertSign | pki::kCrlSign,
                              pki::kKeyCertSign | pki::kCrlSign | pki::kDigitalSignature | pki::kKeyEncipherment}) {
    for (const auto& extension : extensions) {
      if (extension.value == pki::KeyUsageExtension(bits).value) return bits;
    }
  }
  return 0;
}

class Shapes : public EnrollmentFixture {
 public:
  std::shared_ptr<const CertificationAuthority> Make(const CaSpecification& specification) {
    const auto created = factory.Create(specification, "alice");
    INFO((created ? "" : created.error().detail));
    REQUIRE(created);
    return directory.snapshot()->FindCa(specification.name);
  }
  Reason ReasonFor(const CaSpecification& specification) {
    const auto created = factory.Create(specification, "alice");
    REQUIRE_FALSE(created);
    return created.error().reason;
  }
  static CaSpecification Named(const std::string& name) {
    CaSpecification specification;
    specification.name = name;
    specification.key_algorithm = "ecdsa-p256";
    return specification;
  }
};

TEST_CASE_METHOD(Shapes, "a CA without an RA may receive envelopes itself, and needs an RSA key", "[authority]") {
  auto specification = Named("alone");
  specification.registration_authority = "none";
  CHECK(ReasonFor(specification) == Reason::kMalformed);
  specification.key_algorithm = "rsa-2048";
  const auto ca = Make(specification);
  CHECK(ca->registration_authorities.empty());
  CHECK(KeyUsageOf(ca->certificate) ==
        (pki::kKeyCertSign | pki::kCrlSign | pki::kDigitalSignature | pki::kKeyEncipherment));
}

TEST_CASE_METHOD(Shapes, "a split RA is one certificate that signs and one that receives", "[authority]") {
  auto specification = Named("split");
  specification.registration_authority = "split";
  const auto ca = Make(specification);
  REQUIRE(ca->registration_authorities.size() == 2);
  const auto& signing = ca->registration_authorities[0];
  const auto& encryption = ca->registration_authorities[1];
  CHECK(signing.usage == RegistrationAuthorityUsage::kSigning);
  CHECK(encryption.usage == RegistrationAuthorityUsage::kEncryption);
  CHECK(KeyUsageOf(signing.certificate) == pki::kDigitalSignature);
  CHECK(KeyUsageOf(encryption.certificate) == pki::kKeyEncipherment);
  CHECK(signing.certificate.spki() != encryption.certificate.spki());
  CHECK(signing.certificate.subject() != encryption.certificate.subject());
  CHECK(pki::VerifyIssuedBy(signing.certificate, ca->certificate, now()));
  specification.registration_authority = "double";
  specification.name = "other";
  CHECK(ReasonFor(specification) == Reason::kMalformed);
}

TEST_CASE_METHOD(Shapes, "an intermediate CA is signed by its issuer, ends with it, and knows its chain",
                 "[authority]") {
  auto root = Named("root"), middle = Named("middle"), low = Named("low");
  root.validity_days = 100;
  middle.issuer = "ROOT";
  low.issuer = "middle";
  const auto top = Make(root), between = Make(middle), bottom = Make(low);
  CHECK(pki::VerifyIssuedBy(between->certificate, top->certificate, now()));
  CHECK(pki::VerifyIssuedBy(bottom->certificate, between->certificate, now()));
  CHECK(bottom->not_after == top->not_after);
  REQUIRE(bottom->chain.size() == 2);
  CHECK(bottom->chain[0].der() == between->certificate.der());
  CHECK(bottom->chain[1].der() == top->certificate.der());
  CHECK(top->chain.empty());
  auto orphan = Named("orphan"), same = Named("same");
  orphan.issuer = "nobody";
  CHECK(ReasonFor(orphan) == Reason::kNotFound);
  same.issuer = "root";
  same.subject = "CN=root CA";
  CHECK(ReasonFor(same) == Reason::kMalformed);
}

class Rolling : public Shapes {
 public:
  std::shared_ptr<const CertificationAuthority> Active() const { return directory.snapshot()->FindCa("demo"); }
  std::shared_ptr<const CertificationAuthority> Next() const { return directory.snapshot()->FindNext(Active()->ca_id); }
  void Stage() {
    const auto staged = rollover.Stage("demo", {}, "alice", engine_test::MaySignAll);
    INFO((staged ? "" : staged.error().detail));
    REQUIRE(staged);
  }
  // The CA that issued what a device gets that addresses this generation.
  std::string IssuerOf(const pki::Bytes& certificate) const {
    const auto parsed = pki::Certificate::Parse(certificate).value();
    for (const auto& ca : {Active(), Next()}) {
      if (ca && pki::VerifyIssuedBy(parsed, ca->certificate, now())) return std::to_string(ca->generation_number);
    }
    return "nobody";
  }
  Message ForGeneration(std::uint32_t number, int device = 0) {
    Message message;
    message.ask.challenge = Mint();
    message.transaction_id = "tx-" + std::to_string(number) + "-" + std::to_string(device);
    message.ca_generation = number;
    return message;
  }
};

TEST_CASE_METHOD(Rolling, "the staged generation is the CA's again, and its answer is signed by the active one",
                 "[authority][rollover]") {
  Stage();
  const auto next = Next();
  REQUIRE(next);
  CHECK(next->state == GenerationState::kNext);
  CHECK(next->generation_number == 2);
  CHECK(next->certificate.subject() == Active()->certificate.subject());
  CHECK(next->certificate.spki() != Active()->certificate.spki());
  CHECK(next->key_algorithm == Active()->key_algorithm);
  CHECK(next->not_after - next->not_before == Active()->not_after - Active()->not_before);

  const auto answer = pki::ParseSignedData(next->next_ca_certificates);
  REQUIRE(answer);
  REQUIRE(answer->signer);
  CHECK(answer->signer->certificate.der() == Active()->certificate.der());
  CHECK(pki::VerifySigner(*answer));
  const auto published = pki::ParseCertsOnly(*answer->content);
  REQUIRE(published);
  REQUIRE(published->size() == 2);
  CHECK((*published)[0].der() == next->registration_authorities.at(0).certificate.der());
  CHECK((*published)[1].der() == next->certificate.der());
  CHECK(rollover.Stage("demo", {}, "alice", engine_test::MaySignAll).error().reason == Reason::kConflict);
  CHECK(rollover.Stage("nobody", {}, "alice", engine_test::MaySignAll).error().reason == Reason::kNotFound);
}

TEST_CASE_METHOD(Rolling, "another algorithm and time can be staged", "[authority][rollover]") {
  REQUIRE(rollover.Stage("demo", {"ecdsa-p384", 10}, "alice", engine_test::MaySignAll));
  CHECK(Next()->key_algorithm == "ecdsa-p384");
  CHECK(Next()->not_after == now() + 10 * kDay);
  REQUIRE(rollover.Unstage("demo", "alice"));
  CHECK(rollover.Stage("demo", {"rsa-1024", 0}, "alice", engine_test::MaySignAll).error().reason == Reason::kMalformed);
  CHECK(rollover.Activate("demo", "alice").error().reason == Reason::kConflict);
}

TEST_CASE_METHOD(Rolling, "who addresses the next generation is issued for by it, everybody else by the active one",
                 "[authority][rollover]") {
  Stage();
  const Device one("ecdsa-p256", 0), two("ecdsa-p256", 1), three("ecdsa-p256", 2);
  CHECK(IssuerOf(Submit(one, ForGeneration(1)).certificate) == "1");
  const auto early = Submit(two, ForGeneration(2));
  CHECK(IssuerOf(early.certificate) == "2");
  CHECK(*pki::Certificate::Parse(early.certificate)->not_before() >= Next()->not_before);
  CHECK(Submit(three, ForGeneration(3)).outcome == "unavailable");

  REQUIRE(rollover.Unstage("demo", "alice"));
  CHECK(IssuerOf(Submit(Device("ecdsa-p256", 3), ForGeneration(2, 2)).certificate) == "1");
  Stage();
  REQUIRE(rollover.Activate("demo", "alice"));
  CHECK(Active()->generation_number == 3);
  CHECK_FALSE(Next());
  CHECK(IssuerOf(Submit(three, ForGeneration(1, 1)).certificate) == "3");
}

TEST_CASE_METHOD(Rolling, "a PKCS#10 that was issued before gets another certificate from the next generation",
                 "[authority][rollover]") {
  const Device device("ecdsa-p256", 0);
  engine::enrollment::KeySpecification twice;
  twice.use_limit = 2;
  Message message;
  message.ask.challenge = Mint(twice);
  message.request = device.Request(message.ask);
  message.ca_generation = 1;
  const auto first = Submit(device, message).certificate;
  CHECK(IssuerOf(first) == "1");
  Stage();
  CHECK(Submit(device, message).certificate == first);
  message.ca_generation = 2;
  const auto second = Submit(device, message).certificate;
  CHECK(IssuerOf(second) == "2");
  CHECK(Submit(device, message).certificate == second);
  REQUIRE(rollover.Activate("demo", "alice"));
  CHECK(Submit(device, message).certificate == second);
  // By the generation before too: that is who issues now.
  message.ca_generation = 1;
  CHECK(Submit(device, message).certificate == second);
}

TEST_CASE_METHOD(Rolling, "what waits is issued by the generation that it was addressed to", "[authority][rollover]") {
  ApplyPolicy("default", VERDICT_HOLD, VERDICT_HOLD);
  Stage();
  const auto approve = [&](int number) {
    const Device device("ecdsa-p256", number);
    Message message = ForGeneration(static_cast<std::uint32_t>(number), number);
    message.request = device.Request(message.ask);
    const auto reply = Submit(device, message);
    REQUIRE(reply.outcome == "pending");
    REQUIRE(approval.Approve(reply.request_id, pki::HexLower(pki::FingerprintsOf(message.request).sha256), {"alice"}));
    return IssuerOf(Poll(device, message.transaction_id).certificate);
  };
  CHECK(approve(1) == "1");
  CHECK(approve(2) == "2");
}

TEST_CASE_METHOD(Rolling, "a certificate of the generation before renews under the active one",
                 "[authority][rollover]") {
  certifier::v1::RequireSigner rule;
  rule.set_window_percent(100);
  ApplyPolicy("default", VERDICT_ACCEPT, VERDICT_HOLD, rule);
  Message renewal;
  renewal.signer = Submit(Device("ecdsa-p256", 0), ForGeneration(1)).certificate;
  Stage();
  REQUIRE(rollover.Activate("demo", "alice"));
  renewal.message_type = 17;
  renewal.transaction_id = "renewal";
  CHECK(IssuerOf(Submit(Device("ecdsa-p256", 1), renewal).certificate) == "2");
}

TEST_CASE_METHOD(Rolling, "the next generation of an intermediate CA is signed by the same issuer",
                 "[authority][rollover]") {
  auto low = Named("low");
  low.issuer = "demo";
  const auto before = Make(low);
  REQUIRE(rollover.Stage("low", {}, "alice", engine_test::MaySignAll));
  const auto next = directory.snapshot()->FindNext(before->ca_id);
  REQUIRE(next);
  CHECK(pki::VerifyIssuedBy(next->certificate, Active()->certificate, now()));
  REQUIRE(next->chain.size() == 1);
  const auto answer = pki::ParseSignedData(next->next_ca_certificates);
  CHECK(pki::ParseCertsOnly(*answer->content)->back().der() == Active()->certificate.der());
}

TEST_CASE_METHOD(Rolling, "nothing is signed with the key of an issuer that the operator may not use",
                 "[authority][rollover]") {
  auto low = Named("low");
  low.issuer = "demo";
  const auto before = Make(low);
  std::vector<std::string> asked;
  const auto refuse = [&](const std::string& name) {
    asked.push_back(name);
    return result::Result<void>(result::Fail(Reason::kUnauthorized, "not yours"));
  };
  CHECK(rollover.Stage("low", {}, "alice", refuse).error().reason == Reason::kUnauthorized);
  CHECK(asked == std::vector<std::string>{"demo"});
  CHECK_FALSE(directory.snapshot()->FindNext(before->ca_id));
  // A root signs itself.
  CHECK(rollover.Stage("demo", {}, "alice", refuse));
  CHECK(asked.size() == 1);
}

TEST_CASE_METHOD(Rolling, "of CAs of one subject the one that signed an intermediate CA signs its next generation too",
                 "[authority][rollover]") {
  auto first = Named("first"), second = Named("second"), low = Named("low");
  first.subject = second.subject = "CN=Example Root";
  low.issuer = GENERATE(as<std::string>(), "first", "second");
  Make(first);
  Make(second);
  const auto before = Make(low);
  const bool has_rolled_over = GENERATE(false, true);
  if (has_rolled_over) {
    REQUIRE(rollover.Stage(low.issuer, {}, "alice", engine_test::MaySignAll));
    REQUIRE(rollover.Activate(low.issuer, "alice"));
  }
  REQUIRE(rollover.Stage("low", {}, "alice", engine_test::MaySignAll));
  const auto snapshot = directory.snapshot();
  const auto next = snapshot->FindNext(before->ca_id);
  CHECK(pki::VerifyIssuedBy(next->certificate, snapshot->FindCa(low.issuer)->certificate, now()));
}

class Keeping : public Rolling {
 public:
  const engine::authority::RegistrationAuthority& Current() const {
    current = Active();
    return current->registration_authorities.at(0);
  }
  RegistrationAuthorityKeeper keeper{store, directory, maker, clock, {}};
  mutable std::shared_ptr<const CertificationAuthority> current;
};

TEST_CASE_METHOD(Keeping, "an RA is renewed sixty days before its end, and the old one stays for thirty",
                 "[authority][rollover]") {
  const auto before = Current().certificate;
  Pass(669 * kDay);
  CHECK(keeper.StageDue() == 0);
  Pass(2 * kDay);
  CHECK(keeper.StageDue() == 1);
  CHECK(keeper.StageDue() == 0);
  // Gateways know the new one for a minute before devices are told of it.
  Pass(std::chrono::seconds(59));
  REQUIRE(keeper.PublishStaged());
  REQUIRE(directory.Reload());
  CHECK(Current().certificate.der() == before.der());
  CHECK(Active()->registration_authorities.at(1).state == RegistrationAuthorityState::kNext);
  Pass(std::chrono::seconds(1));
  REQUIRE(keeper.PublishStaged());
  CHECK(Current().certificate.der() != before.der());
  CHECK(Current().certificate.subject() == before.subject());
  CHECK(Current().certificate.public_key()->bits() == before.public_key()->bits());
  CHECK(Current().is_current());
  const auto renewed = Active();
  REQUIRE(renewed->registration_authorities.size() == 2);
  CHECK(renewed->registration_authorities[1].certificate.der() == before.der());
  CHECK_FALSE(renewed->registration_authorities[1].is_current());

  Pass(30 * kDay);
  REQUIRE(keeper.DestroyRetired());
  REQUIRE(directory.Reload());
  CHECK(Active()->registration_authorities.size() == 2);
  Pass(std::chrono::seconds(1));
  REQUIRE(keeper.DestroyRetired());
  REQUIRE(directory.Reload());
  CHECK(Active()->registration_authorities.size() == 1);
}

TEST_CASE_METHOD(Keeping, "a retired generation serves for thirty days, and then only its CRL is left",
                 "[authority][rollover]") {
  Stage();
  REQUIRE(rollover.Activate("demo", "alice"));
  const auto retired = [&] { return directory.snapshot()->FindGeneration("demo", 1); };
  Pass(30 * kDay);
  REQUIRE(keeper.DestroyRetired());
  REQUIRE(directory.Reload());
  CHECK_FALSE(retired()->is_crl_only);
  CHECK(retired()->registration_authorities.size() == 1);
  Pass(std::chrono::seconds(1));
  REQUIRE(keeper.DestroyRetired());
  REQUIRE(directory.Reload());
  CHECK(retired()->is_crl_only);
  CHECK(retired()->registration_authorities.empty());
}

TEST_CASE_METHOD(Keeping, "an RA that ends with its CA is not renewed", "[authority][rollover]") {
  auto specification = Named("short");
  specification.validity_days = 50;
  Make(specification);
  CHECK(keeper.StageDue() == 0);
}

TEST_CASE_METHOD(Keeping, "both RAs of a split pair are renewed together", "[authority][rollover]") {
  auto specification = Named("split");
  specification.registration_authority = "split";
  Make(specification);
  Pass(671 * kDay);
  CHECK(keeper.StageDue() == 2);
  Pass(std::chrono::minutes(1));
  REQUIRE(keeper.PublishStaged());
  const auto ca = directory.snapshot()->FindCa("split");
  REQUIRE(ca->registration_authorities.size() == 4);
  CHECK(ca->registration_authorities[0].usage == RegistrationAuthorityUsage::kSigning);
  CHECK(ca->registration_authorities[1].usage == RegistrationAuthorityUsage::kEncryption);
  CHECK((ca->registration_authorities[0].is_current() && ca->registration_authorities[1].is_current()));
}

}  // namespace
