// What goes over the wire to a webhook, how often, and what bounds its server.

#include <openssl/hmac.h>

#include "caller_fixture.h"

namespace engine_test {

namespace {

using Catch::Matchers::Contains;
using result::Reason;

// As a receiver would do it, with nothing of ours.
std::string HmacOf(const std::string& key, const std::string& text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest, &length);
  std::string hex;
  for (unsigned int i = 0; i < length; i++) {
    constexpr char kDigits[] = "0123456789abcdef";
    hex += {kDigits[digest[i] >> 4], kDigits[digest[i] & 15]};
  }
  return hex;
}

std::string FaultOf(const result::Result<std::string>& answer, Reason reason) {
  REQUIRE_FALSE(answer);
  CHECK(answer.error().reason == reason);
  return answer.error().detail;
}

TEST_CASE_METHOD(CallerFixture, "a webhook is asked by a signed POST, and its answer comes back", "[webhook]") {
  const WebhookServer server(Good(), Saying(R"({"verdict": "deny"})"));
  const auto caller = CallerOf({server.Authority()});
  const auto answer = caller->Post(CallOf(server.Url("/judge?a=%20b")));
  INFO((answer ? "" : answer.error().detail));
  REQUIRE(answer);
  CHECK(*answer == R"({"verdict": "deny"})");
  REQUIRE(server.requests().size() == 1);
  const auto request = server.requests()[0];
  CHECK(request.target == "/judge?a=%20b");
  CHECK(request.body == R"({"version":1})");
  CHECK(request.get_header_value("Host") == server.Authority());
  CHECK(request.get_header_value("Content-Type") == "application/json");
  CHECK(request.get_header_value("Certifier-Signature") ==
        "t=1800000000,v1=" + HmacOf(secret, R"(1800000000.{"version":1})"));
}

TEST_CASE_METHOD(CallerFixture, "the same question has the same key, another has another", "[webhook]") {
  const WebhookServer server(Good(), Replying({500, 200}));
  const auto caller = CallerOf({server.Authority()});
  REQUIRE(caller->Post(CallOf(server.Url(), 1)));
  auto other = CallOf(server.Url());
  other.body = R"({"version":2})";
  REQUIRE(caller->Post(other));
  REQUIRE(caller->Post(CallOf(server.Url("/else"))));
  std::vector<std::string> keys;
  for (const auto& request : server.requests()) keys.push_back(request.get_header_value("Idempotency-Key"));
  REQUIRE(keys.size() == 4);
  CHECK(keys[0].size() == 64);
  CHECK(keys[1] == keys[0]);
  CHECK(keys[2] != keys[0]);
  CHECK(keys[3] != keys[0]);
}

TEST_CASE_METHOD(CallerFixture, "a connection serves more than one question", "[webhook]") {
  const WebhookServer server(Good(), Saying("{}"));
  const auto caller = CallerOf({server.Authority()});
  REQUIRE(caller->Post(CallOf(server.Url())));
  REQUIRE(caller->Post(CallOf(server.Url())));
  now = now.load() + std::chrono::seconds(31);
  REQUIRE(caller->Post(CallOf(server.Url())));
  const auto requests = server.requests();
  CHECK(requests.at(0).remote_port == requests.at(1).remote_port);
  CHECK(requests.at(0).remote_port != requests.at(2).remote_port);
}

TEST_CASE_METHOD(CallerFixture, "what may pass is tried again, as often as the call says", "[webhook]") {
  const auto status = GENERATE(429, 500, 503);
  const WebhookServer server(Good(), Replying({status, status, 200}));
  const auto caller = CallerOf({server.Authority()});
  CHECK_THAT(FaultOf(caller->Post(CallOf(server.Url(), 1)), Reason::kUnavailable),
             Contains("HTTP status " + std::to_string(status)));
  CHECK(server.requests().size() == 2);
  CHECK(caller->Post(CallOf(server.Url(), 1)));
  CHECK(server.requests().size() == 3);
}

TEST_CASE_METHOD(CallerFixture, "what does not pass is not tried again", "[webhook]") {
  const auto status = GENERATE(204, 301, 400, 404);
  const WebhookServer server(Good(), Replying({status, 200}));
  const auto caller = CallerOf({server.Authority()});
  FaultOf(caller->Post(CallOf(server.Url(), 5)), Reason::kUnavailable);
  CHECK(server.requests().size() == 1);
}

TEST_CASE_METHOD(CallerFixture, "a redirect is not followed", "[webhook]") {
  const WebhookServer server(Good(), [](const httplib::Request& request, httplib::Response& response) {
    if (request.path == "/judge") response.set_redirect("/other", 307);
  });
  const auto caller = CallerOf({server.Authority()});
  CHECK_THAT(FaultOf(caller->Post(CallOf(server.Url(), 3)), Reason::kUnavailable), Contains("HTTP status 307"));
  CHECK(server.requests().size() == 1);
}

TEST_CASE_METHOD(CallerFixture, "an answer has a longest length", "[webhook][bounds]") {
  const auto octets = GENERATE(std::size_t{1024}, std::size_t{1025}, std::size_t{10'000'000});
  const WebhookServer server(Good(), Saying(std::string(octets, 'x')));
  const auto caller = CallerOf({server.Authority()});
  const auto answer = caller->Post(CallOf(server.Url(), 3));
  if (octets <= max_answer) {
    CHECK(answer->size() == octets);
  } else {
    FaultOf(answer, Reason::kMalformed);
  }
  CHECK(server.requests().size() == 1);
}

TEST_CASE_METHOD(CallerFixture, "a server that answers octet by octet does not outlast the time", "[webhook][bounds]") {
  Gate end;
  const WebhookServer server(Good(), [&](const httplib::Request&, httplib::Response& response) {
    response.set_chunked_content_provider("application/json", [&](std::size_t, httplib::DataSink& sink) {
      return !end.IsOpenWithin(std::chrono::milliseconds(5)) && sink.write(" ", 1);
    });
  });
  const auto caller = CallerOf({server.Authority()});
  const unsigned retries = GENERATE(0, 2);
  auto call = CallOf(server.Url(), retries);
  call.timeout = std::chrono::milliseconds(600);
  const auto begun = std::chrono::steady_clock::now();
  CHECK_THAT(FaultOf(caller->Post(call), Reason::kUnavailable), Contains("no whole answer in time"));
  const auto took = std::chrono::steady_clock::now() - begun;
  end.Open();
  CHECK(took < std::chrono::seconds(3));
  CHECK(server.requests().size() == retries + 1);
}

TEST_CASE_METHOD(CallerFixture, "nobody there is no answer", "[webhook]") {
  std::string url, authority_of_none;
  {
    const WebhookServer server(Good(), Saying("{}"));
    url = server.Url();
    authority_of_none = server.Authority();
  }
  CHECK_THAT(FaultOf(CallerOf({authority_of_none})->Post(CallOf(url, 1)), Reason::kUnavailable),
             Contains("no connection"));
}

TEST_CASE_METHOD(CallerFixture, "only servers that are listed are called", "[webhook]") {
  const WebhookServer server(Good(), Saying("{}"));
  const std::string port = std::to_string(server.port());
  const auto unlisted = GENERATE(as<std::vector<std::string>>(), std::vector<std::string>{},
                                 std::vector<std::string>{"localhost"}, std::vector<std::string>{"localhost:1"});
  const auto caller = CallerOf(unlisted);
  CHECK_THAT(FaultOf(caller->Post(CallOf(server.Url())), Reason::kNotFound),
             Contains("localhost:" + port + " is not in --webhook-hosts"));
  // Neither by its address, nor as a part of another name.
  const auto listed = CallerOf({server.Authority()});
  for (const std::string& host :
       std::vector<std::string>{"127.0.0.1:" + port, "localhost.:" + port, "a.localhost:" + port, "localhost:443"}) {
    FaultOf(listed->Post(CallOf("https://" + host + "/")), Reason::kNotFound);
  }
  for (const std::string& url :
       std::vector<std::string>{"http://localhost:" + port, "https://localhost:" + port + "@localhost:" + port + "/",
                                "https://a@localhost:" + port, "https://localhost:" + port + "/#a", "https://"}) {
    FaultOf(listed->Post(CallOf(url)), Reason::kMalformed);
  }
  CHECK(server.requests().empty());
}

TEST_CASE_METHOD(CallerFixture, "nothing is sent unsigned", "[webhook]") {
  const WebhookServer server(Good(), Saying("{}"));
  auto call = CallOf(server.Url());
  call.secret = "other";
  CHECK_THAT(FaultOf(CallerOf({server.Authority()})->Post(call), Reason::kNotFound),
             Contains("no secret other in --webhook-secrets"));
  CHECK(server.requests().empty());
}

TEST_CASE_METHOD(CallerFixture, "a server that fails again and again is not called for a while", "[webhook]") {
  failures = 2;
  const WebhookServer server(Good(), Replying({500, 404, 500, 500, 500, 200}));
  const auto caller = CallerOf({server.Authority()});
  const auto post = [&] { return caller->Post(CallOf(server.Url())).has_value(); };
  // Not two in a row: what is asked of it was wrong in between, and not the server.
  for (int i = 0; i < 3; i++) CHECK_FALSE(post());
  CHECK_FALSE(post());
  CHECK(server.requests().size() == 4);
  CHECK_THAT(FaultOf(caller->Post(CallOf(server.Url())), Reason::kUnavailable), Contains("not called for a while"));
  CHECK(server.requests().size() == 4);
  now = now.load() + std::chrono::seconds(31);
  CHECK_FALSE(post());
  CHECK_FALSE(post());
  CHECK(server.requests().size() == 5);
  now = now.load() + std::chrono::seconds(31);
  CHECK(post());
  CHECK(post());
}

}  // namespace

}  // namespace engine_test
