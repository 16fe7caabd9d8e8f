#include "service/grpc_server.h"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/auth_metadata_processor.h>

#include <algorithm>
#include <map>
#include <optional>

#include "service/operator_credentials.h"
#include "service/tls_identity.h"

namespace service {

namespace {

constexpr char kSubjectAlternativeName[] = "x509_subject_alternative_name";
constexpr char kCommonName[] = "x509_common_name";
const std::vector<Role> kEveryRole = {Role::kGateway, Role::kEngine, Role::kAdmin, Role::kOperator};

// The one role among the peer's alternative names, or nothing.
std::optional<Role> PeerRole(const grpc::AuthContext& peer) {
  std::optional<Role> found;
  for (const auto& name : peer.FindPropertyValues(kSubjectAlternativeName)) {
    const std::string_view text(name.data(), name.size());
    if (!text.starts_with("urn:certifier:role:")) continue;
    const auto role = RoleFromUri(text);
    if (!role || found) return std::nullopt;
    found = role;
  }
  return found;
}

bool HasCertificate(const grpc::AuthContext& peer) {
  return !peer.FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME).empty();
}

using Roles = std::map<std::string, std::vector<Role>, std::less<>>;

// RoleGate refuses a call before its handler runs unless the peer's role is listed for the method's service, or the
// peer has no certificate and may knock.
class RoleGate final : public grpc::AuthMetadataProcessor {
 public:
  RoleGate(Roles roles, const GrpcServer::Settings& settings)
      : roles_(std::move(roles)),
        lets_strangers_knock_(settings.lets_strangers_knock),
        methods_for_strangers_(settings.methods_for_strangers) {}

  bool IsBlocking() const override { return false; }

  grpc::Status Process(const InputMetadata& metadata, grpc::AuthContext* peer, OutputMetadata*,
                       OutputMetadata*) override {
    const auto path = metadata.find(":path");
    if (path == metadata.end()) return Refuse("a method");
    const std::string_view method(path->second.data(), path->second.size());
    if (!HasCertificate(*peer)) return JudgeStranger(method, metadata.count(kOperatorTokenMetadata) == 1);
    const auto role = PeerRole(*peer);
    if (!role) return Refuse("a certificate of the internal CA with one role");
    if (!IsListed(method, *role)) return Refuse("another role than " + std::string(ToString(*role)));
    return grpc::Status::OK;
  }

 private:
  // A method is "/certifier.v1.CaService/ListCas".
  bool IsListed(std::string_view method, Role role) const {
    auto service = method.substr(std::min<std::size_t>(1, method.size()));
    service = service.substr(0, service.find('/'));
    const auto listed = roles_.find(service);
    return listed != roles_.end() && std::ranges::find(listed->second, role) != listed->second.end();
  }
  grpc::Status JudgeStranger(std::string_view method, bool has_token) const {
    const bool may_knock =
        lets_strangers_knock_ && IsListed(method, Role::kOperator) &&
        (has_token || std::ranges::find(methods_for_strangers_, method) != methods_for_strangers_.end());
    if (may_knock) return grpc::Status::OK;
    return Refuse(lets_strangers_knock_ ? "a client certificate or the token of a session"
                                        : "a certificate of the internal CA with one role");
  }
  static grpc::Status Refuse(const std::string& wanted) {
    return grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "this call needs " + wanted);
  }
  const Roles roles_;
  const bool lets_strangers_knock_;
  const std::vector<std::string> methods_for_strangers_;
};

}  // namespace

struct GrpcServer::State {
  Settings settings;
  std::vector<grpc::Service*> services;
  Roles roles = {{"grpc.health.v1.Health", kEveryRole}};
  std::unique_ptr<grpc::Server> server;
  int port = 0;
};

GrpcServer::GrpcServer(Settings settings) : state_(std::make_unique<State>()) {
  state_->settings = std::move(settings);
}

GrpcServer::~GrpcServer() = default;

void GrpcServer::Add(grpc::Service& service, std::string full_name, std::vector<Role> roles) {
  state_->services.push_back(&service);
  state_->roles[std::move(full_name)] = std::move(roles);
}

result::Result<void> GrpcServer::Start() {
  RequireTls13();
  const Settings& settings = state_->settings;
  ASSIGN_OR_RETURN(const TlsIdentity identity, LoadTlsIdentity(settings.tls));
  grpc::SslServerCredentialsOptions options(settings.lets_strangers_knock
                                                ? GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY
                                                : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = identity.authority_pem;
  options.pem_key_cert_pairs.push_back({identity.key_pem, identity.certificate_pem});
  const auto credentials = grpc::SslServerCredentials(options);
  credentials->SetAuthMetadataProcessor(std::make_shared<RoleGate>(state_->roles, settings));

  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(settings.listen, credentials, &state_->port);
  builder.SetMaxReceiveMessageSize(static_cast<int>(settings.max_message_octets));
  builder.SetMaxSendMessageSize(static_cast<int>(settings.max_message_octets));
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, static_cast<int>(settings.max_concurrent_streams));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, static_cast<int>(settings.max_connection_age.count()));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                             static_cast<int>(settings.max_connection_age_grace.count()));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  for (grpc::Service* service : state_->services) builder.RegisterService(service);
  state_->server = builder.BuildAndStart();
  if (!state_->server || state_->port == 0) {
    return result::Fail(result::Reason::kUnavailable,
                        "cannot listen on " + settings.listen + "; is the port taken, or the address not this host's?");
  }
  return {};
}

int GrpcServer::port() const {
  return state_->port;
}

void GrpcServer::SetServing(bool is_serving) {
  if (state_->server && state_->server->GetHealthCheckService() != nullptr) {
    state_->server->GetHealthCheckService()->SetServingStatus(is_serving);
  }
}

void GrpcServer::Shutdown(std::chrono::milliseconds deadline) {
  if (!state_->server) return;
  SetServing(false);
  state_->server->Shutdown(std::chrono::system_clock::now() + deadline);
  state_->server->Wait();
}

result::Result<Caller> CallerOf(const grpc::ServerContextBase& context) {
  const auto peer = context.auth_context();
  const auto role = peer ? PeerRole(*peer) : std::nullopt;
  if (!role) return result::Fail(result::Reason::kUnauthorized, "the caller has no role");
  const auto names = peer->FindPropertyValues(kCommonName);
  return Caller{*role, names.empty() ? std::string() : std::string(names[0].data(), names[0].size())};
}

}  // namespace service
