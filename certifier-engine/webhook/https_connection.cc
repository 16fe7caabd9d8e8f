#include "webhook/https_connection.h"

#include <httplib.h>

#include "pki/tls_client.h"
#include "service/connection_watch.h"

namespace engine::webhook {

namespace {

using service::ConnectionWatch;
using Kind = Attempt::Kind;

httplib::Request RequestFor(const Endpoint& endpoint, const std::map<std::string, std::string>& headers,
                            const std::string& body) {
  httplib::Request request;
  request.method = "POST";
  request.path = endpoint.target;
  request.body = body;
  request.set_header("Host", endpoint.HostHeader());
  request.set_header("User-Agent", "certifier-engine");
  request.set_header("Content-Type", "application/json");
  request.set_header("Accept", "application/json");
  for (const auto& [name, value] : headers) request.set_header(name, value);
  return request;
}

Kind KindOf(httplib::Error error) {
  switch (error) {
    case httplib::Error::Success:
      return Kind::kAnswered;
    case httplib::Error::Connection:
    case httplib::Error::ConnectionTimeout:
    case httplib::Error::BindIPAddress:
      return Kind::kUnreachable;
    case httplib::Error::SSLLoadingCerts:
    case httplib::Error::SSLServerVerification:
      return Kind::kUntrusted;
    case httplib::Error::SSLConnection:
    case httplib::Error::Unknown:
    case httplib::Error::Read:
    case httplib::Error::Write:
    case httplib::Error::ExceedRedirectCount:
    case httplib::Error::Canceled:
    case httplib::Error::UnsupportedMultipartBoundaryChars:
    case httplib::Error::Compression:
      return Kind::kBroken;
  }
  return Kind::kBroken;
}

}  // namespace

result::Result<std::unique_ptr<HttpsConnection>> HttpsConnection::Make(const Endpoint& server,
                                                                       const Settings& settings) {
  auto client = std::make_unique<httplib::SSLClient>(server.host, server.port);
  if (client->ssl_context() == nullptr) return result::Fail(result::Reason::kInternal, "OpenSSL makes no TLS context");
  RETURN_IF_ERROR(pki::RestrictTlsClient(*client->ssl_context(), server.host));
  client->enable_server_certificate_verification(true);
  if (!settings.ca_file.empty()) client->set_ca_cert_path(settings.ca_file);
  client->set_keep_alive(true);
  client->set_tcp_nodelay(true);
  client->set_follow_location(false);
  client->set_decompress(false);
  client->set_url_encode(false);
  return std::unique_ptr<HttpsConnection>(new HttpsConnection(std::move(client), settings.max_answer));
}

HttpsConnection::HttpsConnection(std::unique_ptr<httplib::SSLClient> client, std::size_t max_answer)
    : client_(std::move(client)), max_answer_(max_answer) {}

HttpsConnection::~HttpsConnection() = default;

Attempt HttpsConnection::Post(const Endpoint& endpoint, const std::map<std::string, std::string>& headers,
                              const std::string& body, std::chrono::milliseconds timeout) {
  Attempt attempt;
  bool is_too_long = false;
  httplib::Request request = RequestFor(endpoint, headers, body);
  request.content_receiver = [&](const char* data, std::size_t length, std::uint64_t, std::uint64_t) {
    is_too_long = length > max_answer_ - attempt.body.size();
    if (!is_too_long) attempt.body.append(data, length);
    return !is_too_long;
  };
  client_->set_connection_timeout(timeout);
  // ConnectionWatch is the sooner one: the library's time-outs begin anew with each octet.
  client_->set_read_timeout(2 * timeout);
  client_->set_write_timeout(2 * timeout);
  ConnectionWatch watch(timeout, max_answer_ + kMostOverhead);
  client_->set_socket_options([&watch](socket_t socket) { watch.Follow(socket); });
  if (client_->is_socket_open() != 0) watch.Follow(client_->socket());
  const httplib::Result sent = client_->send(request);
  const ConnectionWatch::Verdict verdict = watch.Finish();
  client_->set_socket_options(nullptr);
  attempt.kind = KindOf(sent.error());
  if (is_too_long || verdict == ConnectionWatch::Verdict::kTooMuch) attempt.kind = Kind::kTooLong;
  const bool is_late = verdict == ConnectionWatch::Verdict::kLate && attempt.kind != Kind::kUntrusted;
  if (is_late) attempt.kind = Kind::kLate;
  if (attempt.kind == Kind::kAnswered) attempt.status = sent->status;
  return attempt;
}

}  // namespace engine::webhook
