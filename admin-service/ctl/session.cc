#include "ctl/session.h"

#include "ctl/times.h"
#include "service/grpc_channel.h"
#include "service/operator_credentials.h"
#include "service/status_mapping.h"

namespace ctl {

namespace {

result::Result<void> RequireFile(const std::string& flag, const std::string& variable, const std::string& value) {
  if (!value.empty()) return {};
  return result::Fail(result::Reason::kMalformed,
                      "give " + flag + " FILE or set " + variable +
                          " (./deploy/dev ctl does it for you; certifier-engine service-certificate --role operator "
                          "makes a certificate)");
}

}  // namespace

Session::Session(GlobalArguments arguments, std::shared_ptr<grpc::Channel> channel, std::chrono::milliseconds timeout)
    : arguments_(std::move(arguments)),
      channel_(std::move(channel)),
      timeout_(timeout),
      file_(arguments_.contexts_file) {}

result::Result<Session> Session::Open(const GlobalArguments& arguments) {
  RETURN_IF_ERROR(RequireFile("--tls-ca", "CERTIFIER_TLS_CA", arguments.tls_ca));
  if (arguments.tls_certificate.empty() != arguments.tls_key.empty()) {
    RETURN_IF_ERROR(RequireFile("--tls-certificate", "CERTIFIER_TLS_CERTIFICATE", arguments.tls_certificate));
    RETURN_IF_ERROR(RequireFile("--tls-key", "CERTIFIER_TLS_KEY", arguments.tls_key));
  }
  ASSIGN_OR_RETURN(const std::chrono::milliseconds timeout, ParseTimeout(arguments.timeout));
  service::ChannelSettings settings;
  settings.target = arguments.server;
  settings.tls = {arguments.tls_ca, arguments.tls_certificate, arguments.tls_key};
  settings.server_role = service::Role::kAdmin;
  ASSIGN_OR_RETURN(auto channel, service::OpenChannel(settings));
  Session session(arguments, std::move(channel), timeout);
  if (!session.has_certificate()) {
    const Time now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    auto stored = session.file_.Find(arguments.server, now);
    if (!stored && stored.error().reason != result::Reason::kNotFound) {
      return tl::unexpected<result::Error>(stored.error());
    }
    if (stored) session.token_ = std::move(stored->token);
  }
  return session;
}

void Session::Prepare(grpc::ClientContext& context) const {
  context.set_deadline(std::chrono::system_clock::now() + timeout_);
  if (!token_.empty()) context.AddMetadata(service::kOperatorTokenMetadata, std::string(token_.Reveal()));
}

result::Error Session::ErrorOf(const grpc::Status& status) const {
  result::Error error = service::FromStatus(status);
  const bool is_answer = !status.error_details().empty();
  if (error.reason == result::Reason::kUnauthorized) {
    if (is_answer) return error;
    error.detail += has_certificate()
                        ? ": the admin service takes certificates of role operator; check " + arguments_.tls_certificate
                        : ": log in (certifierctl login LOGIN), or give --tls-certificate and --tls-key";
    return error;
  }
  if (is_answer) return error;
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    error.detail = "cannot reach the admin service at " + arguments_.server +
                   ": is it running (./deploy/dev status), with a certificate of role admin" +
                   (has_certificate() ? ", and is " + arguments_.tls_certificate + " from the same internal CA" : "") +
                   "? (" + status.error_message() + ")";
  } else if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    error.detail = "the admin service at " + arguments_.server + " did not answer within " + arguments_.timeout +
                   ": see whether it was done before you repeat it, or give a longer --timeout";
  }
  return error;
}

}  // namespace ctl
