#include "support/access.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <openssl/ssl.h>

#include <filesystem>
#include <stdexcept>

#include "certifier/v1/audit.pb.h"
#include "certifier/v1/ca.pb.h"
#include "certifier/v1/ca_directory.pb.h"
#include "certifier/v1/certificate.pb.h"
#include "certifier/v1/enrollment.pb.h"
#include "certifier/v1/entity.pb.h"
#include "certifier/v1/error.pb.h"
#include "certifier/v1/key_batch.pb.h"
#include "certifier/v1/key_operation.pb.h"
#include "certifier/v1/operator.pb.h"
#include "certifier/v1/policy.pb.h"
#include "certifier/v1/pre_shared_key.pb.h"
#include "certifier/v1/report.pb.h"
#include "certifier/v1/request.pb.h"
#include "certifier/v1/scep_service.pb.h"
#include "pki/digest.h"
#include "service/grpc_channel.h"
#include "service/operator_credentials.h"
#include "service/tls_identity.h"

namespace support {

namespace {

namespace v1 = certifier::v1;

constexpr auto kPatience = std::chrono::seconds(10);

// Without a mention here the linker leaves a file's descriptors out.
void LinkEveryFile() {
  v1::ListAuditEventsRequest::descriptor();
  v1::CreateCaRequest::descriptor();
  v1::WatchRequest::descriptor();
  v1::ListCertificatesRequest::descriptor();
  v1::SubmitRequest::descriptor();
  v1::CreateEntityRequest::descriptor();
  v1::ErrorDetail::descriptor();
  v1::MintPreSharedKeysRequest::descriptor();
  v1::SignReplyRequest::descriptor();
  v1::CreateOperatorRequest::descriptor();
  v1::ApplyPolicyRequest::descriptor();
  v1::CreatePreSharedKeyRequest::descriptor();
  v1::ListFailuresRequest::descriptor();
  v1::ListRequestsRequest::descriptor();
  v1::UpdateScepServiceRequest::descriptor();
  v1::Search::descriptor();
}

void AppendMethods(const google::protobuf::FileDescriptor& file, std::vector<Method>& methods) {
  for (int i = 0; i < file.service_count(); ++i) {
    const auto& service = *file.service(i);
    for (int j = 0; j < service.method_count(); ++j) {
      methods.push_back({service.full_name(), "/" + service.full_name() + "/" + service.method(j)->name()});
    }
  }
}

service::TlsIdentity Load(const service::TlsFiles& tls) {
  const auto identity = service::LoadTlsIdentity(tls);
  if (!identity) throw std::runtime_error(identity.error().detail);
  return *identity;
}

std::shared_ptr<grpc::Channel> Connect(int port, grpc::experimental::TlsChannelCredentialsOptions options) {
  service::RequireTls13();
  options.watch_root_certs();
  options.set_verify_server_certs(true);
  // The test's certificates name no host.
  options.set_check_call_host(false);
  options.set_certificate_verifier(std::make_shared<grpc::experimental::NoOpCertificateVerifier>());
  grpc::ChannelArguments arguments;
  // A connection of its own for each channel, whatever its certificate.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel("ipv4:127.0.0.1:" + std::to_string(port),
                                   grpc::experimental::TlsCredentials(options), arguments);
}

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* connection) const { SSL_free(connection); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};

std::unique_ptr<SSL_CTX, Free> ContextOf(const service::TlsFiles& tls, int version) {
  std::unique_ptr<SSL_CTX, Free> context(SSL_CTX_new(TLS_client_method()));
  constexpr unsigned char kAlpn[] = {2, 'h', '2'};
  const bool is_set = SSL_CTX_set_min_proto_version(context.get(), version) == 1 &&
                      SSL_CTX_set_max_proto_version(context.get(), version) == 1 &&
                      SSL_CTX_set_alpn_protos(context.get(), kAlpn, sizeof kAlpn) == 0 &&
                      SSL_CTX_use_certificate_file(context.get(), tls.certificate.c_str(), SSL_FILETYPE_PEM) == 1 &&
                      SSL_CTX_use_PrivateKey_file(context.get(), tls.key.c_str(), SSL_FILETYPE_PEM) == 1;
  if (!is_set) throw std::runtime_error("cannot prepare a TLS client");
  return context;
}

}  // namespace

std::vector<Method> EveryMethod() {
  LinkEveryFile();
  std::vector<Method> methods;
  for (const auto& entry : std::filesystem::directory_iterator(PROTO_FOLDER "/certifier/v1")) {
    const std::string name = "certifier/v1/" + entry.path().filename().string();
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
    if (file == nullptr) throw std::runtime_error("access.cc does not mention " + name);
    AppendMethods(*file, methods);
  }
  return methods;
}

std::shared_ptr<grpc::Channel> Open(int port, const service::TlsFiles& tls) {
  const auto identity = Load(tls);
  const std::vector<grpc::experimental::IdentityKeyCertPair> pairs = {{identity.key_pem, identity.certificate_pem}};
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(
      std::make_shared<grpc::experimental::StaticDataCertificateProvider>(identity.authority_pem, pairs));
  options.watch_identity_key_cert_pairs();
  return Connect(port, options);
}

std::shared_ptr<grpc::Channel> OpenWithoutCertificate(int port, const service::TlsFiles& tls) {
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(
      std::make_shared<grpc::experimental::StaticDataCertificateProvider>(Load(tls).authority_pem));
  return Connect(port, options);
}

std::string OperatorCertificate(const std::string& login) {
  return pki::Digest(pki::DigestAlgorithm::kSha256, login);
}

void ActAs(grpc::ClientContext& context, const std::string& login) {
  context.AddMetadata(service::kOperatorCertificateMetadata, OperatorCertificate(login));
}

std::string OperatorSql(const std::string& login, const std::vector<std::string>& grants) {
  std::string sql =
      "INSERT INTO operators (login, status, description, groups, created_at, created_by) VALUES ('" + login +
      "', 'active', '', '{}', now(), 'test'); "
      "INSERT INTO operator_certificates (certificate_sha256, operator_id, added_at, added_by) "
      "SELECT sha256(convert_to(login, 'UTF8')), operator_id, now(), 'test' FROM operators WHERE login = '" +
      login + "';";
  for (const auto& grant : grants) {
    const auto colon = grant.find(':');
    const std::string ca =
        colon == std::string::npos ? "NULL" : "(SELECT ca_id FROM cas WHERE name = '" + grant.substr(colon + 1) + "')";
    sql += " INSERT INTO operator_grants (operator_id, level, ca_id) SELECT operator_id, '" + grant.substr(0, colon) +
           "', " + ca + " FROM operators WHERE login = '" + login + "';";
  }
  return sql;
}

grpc::Status Knock(const std::shared_ptr<grpc::Channel>& channel, const std::string& path, const std::string& login) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
  ActAs(context, login);
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(channel);
  const auto call = stub.PrepareCall(&context, path, &queue);
  void* tag = nullptr;
  bool is_ok = false;
  const auto wait = [&] { return queue.Next(&tag, &is_ok) && is_ok; };
  call->StartCall(nullptr);
  if (wait()) {
    call->WriteLast(grpc::ByteBuffer(nullptr, 0), {}, nullptr);
    wait();
  }
  grpc::ByteBuffer answer;
  call->Read(&answer, nullptr);
  const bool has_answer = wait();
  if (has_answer) context.TryCancel();
  grpc::Status status;
  call->Finish(&status, nullptr);
  wait();
  queue.Shutdown();
  while (queue.Next(&tag, &is_ok)) {
  }
  return has_answer ? grpc::Status::OK : status;
}

bool IsLetIn(int port, const service::TlsFiles& tls, TlsVersion version) {
  const auto context = ContextOf(tls, version == TlsVersion::k12 ? TLS1_2_VERSION : TLS1_3_VERSION);
  const std::unique_ptr<SSL, Free> connection(SSL_new(context.get()));
  const std::unique_ptr<BIO, Free> socket(BIO_new_connect(("127.0.0.1:" + std::to_string(port)).c_str()));
  if (BIO_do_connect(socket.get()) != 1) throw std::runtime_error("cannot connect");
  BIO_up_ref(socket.get());
  SSL_set_bio(connection.get(), socket.get(), socket.get());
  if (SSL_connect(connection.get()) != 1) return false;
  // With TLS 1.3 a client learns of a refused certificate only now. The server speaks without being asked.
  char octet = 0;
  return SSL_read(connection.get(), &octet, 1) == 1;
}

}  // namespace support
