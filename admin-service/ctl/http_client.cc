#include "ctl/http_client.h"

#include <httplib.h>

#include <memory>
#include <utility>

#include "service/connection_watch.h"

namespace ctl {

namespace {

using result::Fail;
using result::Reason;

constexpr char kTlsProblem[] = "its TLS certificate is not trusted by this machine, or is another host's";

std::unique_ptr<httplib::ClientImpl> Open(const Url& url, std::chrono::milliseconds timeout, bool is_tls_verified) {
  std::unique_ptr<httplib::ClientImpl> client;
  if (url.is_tls) {
    client = std::make_unique<httplib::SSLClient>(url.host, url.port);
    client->enable_server_certificate_verification(is_tls_verified);
  } else {
    client = std::make_unique<httplib::ClientImpl>(url.host, url.port);
  }
  client->set_connection_timeout(timeout);
  // ConnectionWatch is the sooner one, and knows why.
  client->set_read_timeout(2 * timeout);
  client->set_write_timeout(2 * timeout);
  client->set_keep_alive(false);
  client->set_follow_location(false);
  client->set_decompress(false);
  client->set_url_encode(false);
  return client;
}

httplib::Request RequestFor(const doctor::Call& call, const Url& url) {
  httplib::Request request;
  request.method = call.body.has_value() ? "POST" : "GET";
  request.path = url.TargetWith(doctor::QueryOf(call));
  request.set_header("Host", url.HostAndPort());
  request.set_header("User-Agent", "certifierctl");
  if (call.body.has_value()) {
    request.body = *call.body;
    request.set_header("Content-Type", "application/x-pki-message");
  }
  return request;
}

std::string Reproach(httplib::Error error, const Url& url) {
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::ConnectionTimeout:
    case httplib::Error::BindIPAddress:
      return "no connection to " + url.HostAndPort();
    case httplib::Error::SSLConnection:
    case httplib::Error::SSLLoadingCerts:
    case httplib::Error::SSLServerVerification:
      return "no TLS connection to " + url.HostAndPort();
    case httplib::Error::Success:
    case httplib::Error::Unknown:
    case httplib::Error::Read:
    case httplib::Error::Write:
    case httplib::Error::ExceedRedirectCount:
    case httplib::Error::Canceled:
    case httplib::Error::UnsupportedMultipartBoundaryChars:
    case httplib::Error::Compression:
      return "the connection ended without a whole HTTP answer";
  }
  return "the connection ended without a whole HTTP answer";
}

doctor::Answer AnswerOf(const httplib::Response& response, pki::Bytes body) {
  return {response.status, response.get_header_value("Content-Type"), response.get_header_value("Location"),
          std::move(body)};
}

}  // namespace

result::Result<doctor::Answer> HttpClient::Send(const doctor::Call& call) {
  pki::Bytes body;
  httplib::Request request = RequestFor(call, url_);
  bool is_too_long = false;
  request.content_receiver = [&](const char* data, std::size_t length, std::uint64_t, std::uint64_t) {
    is_too_long = length > kMaxBody - body.size();
    if (!is_too_long) body.append(data, length);
    return !is_too_long;
  };
  const auto client = Open(url_, timeout_, is_tls_verified_);
  service::ConnectionWatch watch(timeout_, kMaxReceived);
  client->set_socket_options([&watch](socket_t socket) { watch.Follow(socket); });
  const httplib::Result sent = client->send(request);
  const service::ConnectionWatch::Verdict verdict = watch.Finish();
  if (is_too_long || verdict == service::ConnectionWatch::Verdict::kTooMuch) {
    return Fail(Reason::kMalformed, "an answer longer than " + std::to_string(kMaxBody) + " octets");
  }
  const bool is_connected =
      sent.error() != httplib::Error::Connection && sent.error() != httplib::Error::ConnectionTimeout;
  if (is_connected && verdict == service::ConnectionWatch::Verdict::kLate) {
    return Fail(Reason::kUnavailable, "no whole answer within " + std::to_string(timeout_.count()) + " ms");
  }
  if (sent.error() == httplib::Error::SSLServerVerification && is_tls_verified_) {
    is_tls_verified_ = false;
    return Send(call);
  }
  if (!sent) return Fail(Reason::kUnavailable, Reproach(sent.error(), url_));
  doctor::Answer answer = AnswerOf(*sent, std::move(body));
  if (!is_tls_verified_) answer.tls_problem = kTlsProblem;
  return answer;
}

}  // namespace ctl
