#include "service/grpc_channel.h"

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include "service/tls_identity.h"

namespace service {

namespace {

// RoleVerifier accepts a server whose certificate, which chains to the internal CA, says the role that we came for.
// Addresses of replicas change and are nobody's identity, so host names are not compared.
class RoleVerifier final : public grpc::experimental::ExternalCertificateVerifier {
 public:
  explicit RoleVerifier(Role role) : uri_(RoleUri(role)) {}

  bool Verify(grpc::experimental::TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* status) override {
    bool is_expected = false;
    for (const auto& uri : request->uri_names()) {
      is_expected = is_expected || std::string_view(uri.data(), uri.size()) == uri_;
    }
    *status = is_expected ? grpc::Status::OK
                          : grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "the server's certificate is not " + uri_);
    return true;
  }
  void Cancel(grpc::experimental::TlsCustomVerificationCheckRequest*) override {}

 private:
  const std::string uri_;
};

// MethodName is an element of methodConfig's "name": a service, or one method of it.
std::string MethodName(const std::string& name) {
  const std::size_t slash = name.find('/');
  const std::string service = R"({"service":")" + name.substr(0, slash) + '"';
  return service + (slash == std::string::npos ? "" : R"(,"method":")" + name.substr(slash + 1) + '"') + "}";
}

std::string ServiceConfig(const std::vector<std::string>& retry_services) {
  std::string names;
  for (const std::string& service : retry_services) {
    names += (names.empty() ? "" : ",") + MethodName(service);
  }
  std::string config = R"({"loadBalancingConfig":[{"round_robin":{}}])";
  if (!names.empty()) {
    config += R"(,"retryThrottling":{"maxTokens":100,"tokenRatio":0.1},"methodConfig":[{"name":[)" + names +
              R"(],"retryPolicy":{"maxAttempts":4,"initialBackoff":"0.05s","maxBackoff":"1s","backoffMultiplier":2,)" +
              R"("retryableStatusCodes":["UNAVAILABLE"]}}])";
  }
  return config + "}";
}

}  // namespace

result::Result<std::shared_ptr<grpc::Channel>> OpenChannel(const ChannelSettings& settings) {
  RequireTls13();
  const bool has_certificate = !settings.tls.certificate.empty() || !settings.tls.key.empty();
  ASSIGN_OR_RETURN(const TlsIdentity identity,
                   has_certificate ? LoadTlsIdentity(settings.tls) : LoadTlsAuthority(settings.tls.authority));
  const std::vector<grpc::experimental::IdentityKeyCertPair> pairs = {{identity.key_pem, identity.certificate_pem}};
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(std::make_shared<grpc::experimental::StaticDataCertificateProvider>(
      identity.authority_pem, has_certificate ? pairs : std::vector<grpc::experimental::IdentityKeyCertPair>()));
  options.watch_root_certs();
  if (has_certificate) options.watch_identity_key_cert_pairs();
  options.set_verify_server_certs(true);
  options.set_check_call_host(false);
  options.set_certificate_verifier(
      grpc::experimental::ExternalCertificateVerifier::Create<RoleVerifier>(settings.server_role));

  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(ServiceConfig(settings.retry_services));
  // A call that is larger is not retried; the default is a quarter of it. As large as the largest message.
  arguments.SetInt(GRPC_ARG_PER_RPC_RETRY_BUFFER_SIZE, 1 << 20);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  // Despite its name this is how long one attempt may take, TCP and TLS together.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 3000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  auto channel = grpc::CreateCustomChannel(settings.target, grpc::experimental::TlsCredentials(options), arguments);
  channel->GetState(true);
  return channel;
}

}  // namespace service
