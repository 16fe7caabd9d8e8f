#include <catch2/catch.hpp>
#include <stdexcept>

#include "pki/digest.h"
#include "web/fingerprint_match.h"
#include "web/search_form.h"
#include "web/static_files.h"
#include "web/templates.h"

namespace {

namespace v1 = certifier::v1;
using Verdict = web::FingerprintMatch::Verdict;

void Fill(v1::Fingerprint& fingerprint, const pki::Bytes& digest) {
  fingerprint.set_lower(pki::NotationsOf(digest).lower);
}

v1::RequestFingerprints FingerprintsOf(const std::string& request, const std::string& unsigned_request) {
  v1::RequestFingerprints fingerprints;
  const auto fill = [](v1::Fingerprints& to, const std::string& octets) {
    const auto digests = pki::FingerprintsOf(octets);
    Fill(*to.mutable_md5(), digests.md5);
    Fill(*to.mutable_sha1(), digests.sha1);
    Fill(*to.mutable_sha256(), digests.sha256);
  };
  fill(*fingerprints.mutable_request(), request);
  fill(*fingerprints.mutable_unsigned_request(), unsigned_request);
  return fingerprints;
}

}  // namespace

TEST_CASE("a fingerprint matches in every notation, and says which it is", "[web][ceremony]") {
  const auto fingerprints = FingerprintsOf("whole", "info");
  const auto whole = pki::FingerprintsOf("whole"), info = pki::FingerprintsOf("info");
  const auto check = [&](const pki::Bytes& digest, const std::string& which) {
    const auto notations = pki::NotationsOf(digest);
    for (const std::string& typed : {notations.lower, notations.upper, notations.grouped, notations.colon}) {
      const auto match = web::MatchFingerprint(fingerprints, typed);
      CHECK(match.verdict == Verdict::kMatch);
      CHECK(match.which == which);
    }
  };
  check(whole.md5, "MD5 of the request");
  check(whole.sha1, "SHA-1 of the request");
  check(whole.sha256, "SHA-256 of the request");
  check(info.sha256, "SHA-256 of the unsigned request");
}

TEST_CASE("another request's fingerprint is no match, and a part of one is none", "[web][ceremony]") {
  const auto fingerprints = FingerprintsOf("whole", "info");
  const auto other = web::MatchFingerprint(fingerprints, pki::NotationsOf(pki::FingerprintsOf("other").sha1).colon);
  CHECK(other.verdict == Verdict::kNoMatch);
  CHECK(other.which == "SHA-1");
  const std::string whole = pki::NotationsOf(pki::FingerprintsOf("whole").sha256).lower;
  CHECK(web::MatchFingerprint(fingerprints, whole.substr(0, 62)).verdict == Verdict::kUnreadable);
  CHECK(web::MatchFingerprint(fingerprints, "").verdict == Verdict::kUnreadable);
  CHECK(web::MatchFingerprint(v1::RequestFingerprints(), whole).verdict == Verdict::kNoMatch);
}

TEST_CASE("what a page shows cannot become markup or another template", "[web][templates]") {
  const std::string hostile = "\"'><script>alert(1)</script>{{{csrf}}}{{>layout}}";
  const std::string page = web::Render("error", {{"title", "x"}, {"detail", hostile}, {"csrf", "secret"}});
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("secret") == std::string::npos);
  CHECK(page.find("&lt;script&gt;") != std::string::npos);
  CHECK(page.find("&quot;") != std::string::npos);
}

TEST_CASE("a template that is not there is a bug", "[web][templates]") {
  CHECK_THROWS_AS(web::Render("no-such-template", web::Model::object()), std::logic_error);
}

TEST_CASE("a name's words are a search for it, whatever signs it has", "[web]") {
  CHECK(web::WordsOf("router-7") == "router-7");
  CHECK(web::WordsOf("Core & edge  (Hall 2)") == "Core edge (Hall 2)");
  CHECK(web::WordsOf("-lab +test --x") == "lab test x");
  CHECK(web::WordsOf("gw-* *") == "gw-");
  CHECK(web::WordsOf("\xc3\xa4\xc3\xb6") == "\xc3\xa4\xc3\xb6");
  CHECK(web::WordsOf("& - *").empty());
  CHECK(web::WordsOf(std::string(201, 'x') + " y") == "y");
  std::string many;
  for (int i = 0; i < 40; ++i) many += "a ";
  CHECK(web::WordsOf(many) == "a a a a a a a a a a a a a a a a");
}

TEST_CASE("static files are served under their digest, and templates never", "[web][static]") {
  const std::string url = web::StaticUrl("style.css");
  const auto file = web::ServeStatic(url);
  REQUIRE(file);
  CHECK(file->content_type.starts_with("text/css"));
  CHECK(file->fields.at(0).second.find("immutable") != std::string::npos);
  CHECK_FALSE(web::ServeStatic("/static/0000000000000000/style.css"));
  CHECK_FALSE(web::ServeStatic("/static/style.css"));
  CHECK_FALSE(web::ServeStatic(web::StaticUrl("layout.mustache")));
}
