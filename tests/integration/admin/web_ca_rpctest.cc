// What the page says of a CA, and what Home warns of.
#include <catch2/catch.hpp>

#include "admin_fixture.h"
#include "pki/digest.h"
#include "web_browser.h"

namespace admin_test {

namespace {

namespace v1 = certifier::v1;
using std::chrono::hours;
using Clock = std::chrono::system_clock;

constexpr hours kDay(24);

google::protobuf::Timestamp In(Clock::duration distance) {
  google::protobuf::Timestamp when;
  when.set_seconds(
      std::chrono::duration_cast<std::chrono::seconds>((Clock::now() + distance).time_since_epoch()).count());
  return when;
}

void Fill(const pki::Bytes& digest, v1::Fingerprint& fingerprint) {
  const auto notations = pki::NotationsOf(digest);
  fingerprint.set_lower(notations.lower);
  fingerprint.set_upper(notations.upper);
  fingerprint.set_grouped(notations.grouped);
  fingerprint.set_colon(notations.colon);
}

// Of some octets, which stand for a certificate.
v1::Fingerprints FingerprintsOf(const std::string& octets) {
  const auto digests = pki::FingerprintsOf(octets);
  v1::Fingerprints fingerprints;
  Fill(digests.md5, *fingerprints.mutable_md5());
  Fill(digests.sha1, *fingerprints.mutable_sha1());
  Fill(digests.sha256, *fingerprints.mutable_sha256());
  return fingerprints;
}

bool HasFingerprintsOf(const httplib::Response& page, const std::string& octets) {
  const auto digests = pki::FingerprintsOf(octets);
  for (const pki::Bytes& digest : {digests.md5, digests.sha1, digests.sha256}) {
    const auto notations = pki::NotationsOf(digest);
    for (const std::string& text : {notations.lower, notations.upper, notations.grouped, notations.colon}) {
      if (!Has(page, "<code>" + text + "</code>")) return false;
    }
  }
  return true;
}

v1::RegistrationAuthorityCertificate Authority(const std::string& usage, Clock::duration ends) {
  v1::RegistrationAuthorityCertificate authority;
  authority.set_usage(usage);
  authority.set_subject("CN=RA <" + usage + ">");
  *authority.mutable_fingerprints() = FingerprintsOf("RA " + usage);
  *authority.mutable_not_after() = In(ends);
  return authority;
}

v1::CaGeneration Generation(std::uint32_t number, const std::string& state) {
  v1::CaGeneration generation;
  generation.set_number(number);
  generation.set_state(state);
  generation.set_key_algorithm("rsa-3072");
  *generation.mutable_fingerprints() = FingerprintsOf("generation " + std::to_string(number));
  return generation;
}

// CaFixture has an engine with a CA "demo" of which nothing is to be said.
class CaFixture : public WebFixture {
 public:
  CaFixture() {
    ca.set_name("demo");
    ca.set_status("active");
    ca.set_subject("CN=Demo CA");
    ca.set_registration_authority("split");
    *ca.mutable_not_after() = In(1000 * kDay);
    *ca.mutable_fingerprints() = FingerprintsOf("CA");
    *ca.add_registration_authorities() = Authority("signing", 500 * kDay);
    *ca.add_registration_authorities() = Authority("encryption", 500 * kDay);
    *ca.add_generations() = Generation(1, "retired");
    *ca.add_generations() = Generation(2, "active");
    crl.set_ca("demo");
    crl.set_crl_number(41);
    crl.set_revoked_count(12);
    crl.set_size(5120);
    *crl.mutable_next_update() = In(kDay);
    Publish();
    browser.LogIn();
  }
  // Has the engine say what `ca` and `crl` are by now.
  void Publish() {
    engine().cas().Put(ca);
    engine().crls().Put(crl);
  }

  v1::Ca ca;
  v1::Crl crl;
  Browser browser{*this};
};

}  // namespace

TEST_CASE_METHOD(CaFixture, "a CA's page has the fingerprints of all that devices get, in every notation",
                 "[web][ca]") {
  const service::TlsFiles files = certificates().Issue(service::Role::kOperator, "any");
  const std::string root = support::ReadFile(files.authority);
  ca.add_chain_pem(root);
  Publish();
  const auto page = browser.Get("/cas/demo");
  CHECK(page.status == 200);
  CHECK(HasFingerprintsOf(page, "CA"));
  CHECK(HasFingerprintsOf(page, "RA signing"));
  CHECK(HasFingerprintsOf(page, "RA encryption"));
  CHECK(HasFingerprintsOf(page, "generation 1"));
  CHECK(HasFingerprintsOf(page, "generation 2"));
  const auto above = pki::Certificate::FromPem(root);
  REQUIRE(above);
  CHECK(HasFingerprintsOf(page, above->der()));
  CHECK(Has(page, "RA certificate, signing: CN=RA &lt;signing&gt;"));
  CHECK_FALSE(HasFingerprintsOf(page, "another"));
}

TEST_CASE_METHOD(CaFixture, "a CA's page has its generations, its CRL and its options", "[web][ca]") {
  ca.mutable_options()->set_legacy_md5(true);
  Publish();
  auto page = browser.Get("/cas/demo");
  CHECK(Has(page, "<span class=\"state retired\">retired</span>"));
  CHECK(Has(page, "<span class=\"state active\">active</span>"));
  CHECK(Has(page, "<dt>Number</dt><dd>41</dd>"));
  CHECK(Has(page, "<dt>Revoked</dt><dd>12</dd>"));
  CHECK(Has(page, "<dt>Size</dt><dd>5120 octets</dd>"));
  CHECK(Has(page, "<dt><code>legacy-md5</code></dt><dd>on</dd>"));
  CHECK_FALSE(Has(page, "This CA is disabled"));
  ca.set_name("other");
  ca.set_status("disabled");
  engine().cas().Put(ca);
  page = browser.Get("/cas/other");
  CHECK(Has(page, "There is none yet."));
  CHECK(Has(page, "This CA is disabled"));
}

TEST_CASE_METHOD(CaFixture, "a CA's page has the commands by which each common client enrols with it", "[web][ca]") {
  const auto page = browser.Get("/cas/demo");
  const std::string url = "http://HOST:8080/scep/demo";
  CHECK(Has(page, "<pre id=\"enrolment-url\" tabindex=\"0\">" + url + "</pre>"));
  for (const std::string& command :
       {"pki --scepca --url " + url + " ", "getcert add-scep-ca -c demo -u " + url + "\n",
        "scepclient -server-url " + url + " ", "sscep getca -u " + url + " -c ca.crt ",
        "sscep enroll -u " + url + " -c ca.crt -k device.key -r device.csr -l device.crt</pre>",
        "enrollment url " + url + "\n", "certifierctl doctor " + url + "</pre>"}) {
    INFO(command);
    CHECK(Has(page, command));
  }
  CHECK(Has(page, "data-copy=\"client-0\""));
  CHECK(Has(page, "<code>CAThumbprint</code> (Windows)"));
  CHECK_FALSE(Has(page, "{url}"));
  CHECK_FALSE(Has(page, "{ca}"));
}

TEST_CASE_METHOD(CaFixture, "Home warns of what of a CA ends soon or has ended, and of nothing else", "[web][ca]") {
  const auto warns = [this](const std::string& text) {
    Publish();
    const auto page = browser.Get("/");
    CHECK(page.status == 200);
    return Has(page, "<p class=\"notice warn\"><a href=\"/cas/demo\">" + text);
  };
  CHECK_FALSE(warns(""));
  *ca.mutable_not_after() = In(30 * kDay + hours(1));
  CHECK(warns("The certificate of CA demo ends in 30d"));
  *ca.mutable_not_after() = In(-hours(5));
  CHECK(warns("The certificate of CA demo ended 5h ago"));
  *ca.mutable_not_after() = In(1000 * kDay);
  *ca.mutable_registration_authorities(1) = Authority("encryption", 3 * kDay + hours(1));
  CHECK(warns("The encryption RA certificate of CA demo ends in 3d"));
  CHECK_FALSE(warns("The signing RA certificate"));
  *ca.mutable_registration_authorities(1) = Authority("encryption", 500 * kDay);
  *crl.mutable_next_update() = In(-hours(2));
  CHECK(warns("The CRL of CA demo ran out 2h ago"));
  *crl.mutable_next_update() = In(kDay);
  *ca.add_generations() = Generation(3, "next");
  CHECK(warns("CA demo has a next generation that waits to be activated"));
  ca.mutable_generations()->RemoveLast();
  ca.set_status("disabled");
  CHECK(warns("CA demo is disabled: it answers nobody"));
  ca.set_status("active");
  CHECK_FALSE(warns(""));
  ca.set_name("other");
  engine().cas().Put(ca);
  CHECK(Has(browser.Get("/"), "CA other has no CRL"));
}

}  // namespace admin_test
