#include "publication_http.h"

#include <catch2/catch.hpp>

namespace gateway {
namespace {

const pki::TimePoint kNow = std::chrono::system_clock::from_time_t(1'704'067'200);  // 2024-01-01.

std::shared_ptr<const PublishedFile> File(const std::string& octets, std::chrono::seconds left) {
  PublishedFile file;
  file.octets = std::make_shared<const std::string>(octets);
  file.etag = "\"tag of " + octets + "\"";
  file.modified = kNow - std::chrono::hours(1);
  file.refreshed = kNow + left;
  return std::make_shared<const PublishedFile>(file);
}

// PublicationFixture publishes CA "demo" with a CRL and "fresh" without one.
struct PublicationFixture {
  std::chrono::seconds crl_left = std::chrono::hours(24);
  bool has_directory = true;
  HttpRequest request{"GET", "/crl/demo.crl", "", "192.0.2.1", "", "", ""};
  const PublicationHttp http{{.crl_max_age = std::chrono::minutes(10), .certificate_max_age = std::chrono::minutes(1)},
                             {.find = [this](std::string_view ca) { return Find(ca); },
                              .has_directory = [this] { return has_directory; },
                              .now = [] { return kNow; }}};

  std::optional<Publication> Find(std::string_view ca) const {
    const auto certificate = File("certificate", std::chrono::hours(1000));
    if (has_directory && ca == "demo") return Publication{"demo", certificate, File("crl", crl_left)};
    if (has_directory && ca == "demo/1") return Publication{"demo", certificate, File("crl before", crl_left)};
    if (has_directory && ca == "fresh") return Publication{"fresh", certificate, nullptr};
    return std::nullopt;
  }
  // Get is the answer; nothing where the target is no publication's.
  std::optional<HttpResponse> Ask() const {
    std::optional<HttpResponse> answer;
    const bool is_ours = http.Handle(request, [&](HttpResponse response) { answer = std::move(response); });
    CHECK(is_ours == answer.has_value());
    return answer;
  }
  HttpResponse Get(const std::string& target) {
    request.target = target;
    const auto answer = Ask();
    REQUIRE(answer);
    return *answer;
  }
};

TEST_CASE_METHOD(PublicationFixture, "each generation's CRL and certificate have their place", "[publication]") {
  CHECK(*Get("/crl/demo/1.crl").shared_body == "crl before");
  CHECK(Get("/ca/demo/1.crt").status == 200);
  CHECK(Get("/crl/demo/2.crl").status == 404);
  for (const char* target : {"/crl/demo/one.crl", "/crl/demo/1/1.crl", "/crl//.crl"}) {
    request.target = target;
    const auto answer = Ask();
    CHECK((!answer || answer->status == 404));
  }
}

TEST_CASE_METHOD(PublicationFixture, "a CRL is served whole with its type, its times and its tag", "[publication]") {
  const auto response = Get("/crl/demo.crl");
  CHECK(response.status == 200);
  CHECK(response.content_type == "application/pkix-crl");
  REQUIRE(response.shared_body);
  CHECK(*response.shared_body == "crl");
  CHECK(response.cache_control == "max-age=600");
  CHECK(response.last_modified == "Sun, 31 Dec 2023 23:00:00 GMT");
  CHECK(response.etag == "\"tag of crl\"");
}

TEST_CASE_METHOD(PublicationFixture, "a CRL is cached no longer than until its next update", "[publication]") {
  crl_left = std::chrono::seconds(30);
  CHECK(Get("/crl/demo.crl").cache_control == "max-age=30");
  crl_left = std::chrono::seconds(-30);
  CHECK(Get("/crl/demo.crl").cache_control == "max-age=0");
  CHECK(Get("/crl/demo.crl").status == 200);
}

TEST_CASE_METHOD(PublicationFixture, "a CA certificate is served as one", "[publication]") {
  const auto response = Get("/ca/fresh.crt?x=y");
  CHECK(response.status == 200);
  CHECK(response.content_type == "application/pkix-cert");
  CHECK(*response.shared_body == "certificate");
  CHECK(response.cache_control == "max-age=60");
}

TEST_CASE_METHOD(PublicationFixture, "who has it already is told so without the octets", "[publication]") {
  for (const char* tags : {"\"tag of crl\"", "W/\"tag of crl\"", "\"old\" , \"tag of crl\"", "*"}) {
    request.if_none_match = tags;
    const auto response = Get("/crl/demo.crl");
    CHECK(response.status == 304);
    CHECK_FALSE(response.shared_body);
    CHECK(response.etag == "\"tag of crl\"");
    CHECK(response.cache_control == "max-age=600");
  }
  request.if_none_match = "\"tag\", \"other\"";
  request.if_modified_since = "Sun, 31 Dec 2023 23:00:00 GMT";  // If-None-Match goes first.
  CHECK(Get("/crl/demo.crl").status == 200);
  request.if_none_match.clear();
  CHECK(Get("/crl/demo.crl").status == 304);
  request.if_modified_since = "Sun, 31 Dec 2023 22:00:00 GMT";
  CHECK(Get("/crl/demo.crl").status == 200);
}

TEST_CASE_METHOD(PublicationFixture, "an unknown CA is 404, and what is still to come is 503", "[publication]") {
  CHECK(Get("/crl/nobody.crl").status == 404);
  CHECK(Get("/ca/nobody.crt").status == 404);
  CHECK(Get("/crl/fresh.crl").status == 503);
  CHECK(Get("/crl/fresh.crl").retry_after > std::chrono::seconds(0));
  has_directory = false;
  CHECK(Get("/crl/demo.crl").status == 503);
  CHECK(Get("/ca/demo.crt").status == 503);
}

TEST_CASE_METHOD(PublicationFixture, "a publication is read and nothing else", "[publication]") {
  request.method = "HEAD";
  CHECK(Get("/crl/demo.crl").status == 200);
  for (const char* method : {"POST", "PUT", "DELETE", "get"}) {
    request.method = method;
    CHECK(Get("/crl/demo.crl").status == 405);
    CHECK(Get("/crl/demo.crl").allow == "GET, HEAD");
  }
}

TEST_CASE_METHOD(PublicationFixture, "any other target is left alone", "[publication]") {
  request.target = GENERATE(as<std::string>(), "/", "/scep", "/crl/demo", "/crl/.crl", "/crl.crl", "/crl/demo.crt",
                            "/ca/demo.crl", "/crl/a/demo.crl", "/CRL/demo.crl", "/scep/demo?x=/crl/demo.crl", "/crl/");
  CHECK_FALSE(Ask());
}

}  // namespace
}  // namespace gateway
