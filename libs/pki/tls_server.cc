#include "pki/tls_server.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>

#include "pki/openssl.h"
#include "pki/pem.h"

namespace pki {

namespace {

using result::Reason;

constexpr char kTls12Ciphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::size_t kMostOctets = 1 << 30;  // Of one call: OpenSSL counts with int.
constexpr std::size_t kMostCertificates = 16;
constexpr long kMostClientOctets = 32 << 10;  // Of a client's certificate with its chain.

// An encrypted key is refused: nobody is there to be asked for its password.
int NoPassword(char*, int, int, void*) {
  return -1;
}

OpensslPtr<BIO> Reading(std::string_view pem) {
  return OpensslPtr<BIO>(BIO_new_mem_buf(pem.data(), static_cast<int>(std::min(pem.size(), kMostOctets))));
}

result::Result<void> UseCertificates(SSL_CTX& context, std::string_view pem) {
  ASSIGN_OR_RETURN(const auto blocks, PemBlocks(pem, "CERTIFICATE"));
  if (blocks.empty() || blocks.size() > kMostCertificates) {
    return result::Fail(Reason::kMalformed, "a TLS server has a certificate, and with its chain at most 16");
  }
  for (const Bytes& der : blocks) {
    const unsigned char* cursor = In(der);
    const OpensslPtr<X509> certificate(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
    const bool is_whole = certificate != nullptr && cursor == In(der) + der.size();
    const bool is_first = &der == &blocks.front();
    const bool is_used = is_whole && (is_first ? SSL_CTX_use_certificate(&context, certificate.get()) == 1
                                               : SSL_CTX_add1_chain_cert(&context, certificate.get()) == 1);
    if (!is_used) return OpensslFailure(Reason::kMalformed, "no TLS server can use this certificate or its chain");
  }
  return {};
}

// VerifyAndGoOn leaves the outcome to SSL_get_verify_result.
int VerifyAndGoOn(X509_STORE_CTX* context, void*) {
  (void)X509_verify_cert(context);
  ERR_clear_error();
  return 1;
}

}  // namespace

void TlsConnection::Free::operator()(ssl_st* ssl) const {
  SSL_free(ssl);
}

void TlsServer::Free::operator()(ssl_ctx_st* context) const {
  SSL_CTX_free(context);
}

TlsConnection::Progress TlsConnection::After(int code) {
  if (code > 0) return Progress::kDone;
  const int error = SSL_get_error(ssl_.get(), code);
  ERR_clear_error();
  if (error == SSL_ERROR_WANT_READ) return Progress::kWantsRead;
  if (error == SSL_ERROR_WANT_WRITE) return Progress::kWantsWrite;
  return error == SSL_ERROR_ZERO_RETURN ? Progress::kEnded : Progress::kBroken;
}

TlsConnection::Progress TlsConnection::Shake() {
  ERR_clear_error();
  return After(SSL_accept(ssl_.get()));
}

std::optional<PeerCertificate> TlsConnection::Peer() const {
  const X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
  if (certificate == nullptr) return std::nullopt;
  const int length = i2d_X509(certificate, nullptr);
  if (length <= 0) return std::nullopt;
  PeerCertificate peer;
  peer.der.resize(static_cast<std::size_t>(length));
  unsigned char* cursor = Out(peer.der);
  i2d_X509(certificate, &cursor);
  const long outcome = SSL_get_verify_result(ssl_.get());
  if (outcome != X509_V_OK) peer.problem = X509_verify_cert_error_string(outcome);
  return peer;
}

TlsConnection::Progress TlsConnection::Read(char* buffer, std::size_t size, std::size_t& count) {
  ERR_clear_error();
  return After(SSL_read_ex(ssl_.get(), buffer, size, &count));
}

TlsConnection::Progress TlsConnection::Write(ByteView octets, std::size_t& count) {
  ERR_clear_error();
  return After(SSL_write_ex(ssl_.get(), octets.data(), octets.size(), &count));
}

void TlsConnection::Close() {
  ERR_clear_error();
  if (SSL_shutdown(ssl_.get()) < 0) ERR_clear_error();
}

result::Result<TlsServer> TlsServer::FromPem(std::string_view certificates, std::string_view key) {
  ERR_clear_error();
  TlsServer server(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* const context = server.context_.get();
  if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context, kTls12Ciphers) != 1) {
    return OpensslFailure(Reason::kInternal, "OpenSSL makes no TLS server");
  }
  SSL_CTX_set_options(
      context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_TICKET);
  // A session of TLS is not resumed: the key of tickets would outlive each connection's own, and be of one replica.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
  RETURN_IF_ERROR(UseCertificates(*context, certificates));
  const OpensslPtr<EVP_PKEY> private_key(PEM_read_bio_PrivateKey(Reading(key).get(), nullptr, NoPassword, nullptr));
  if (private_key == nullptr || SSL_CTX_use_PrivateKey(context, private_key.get()) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return OpensslFailure(Reason::kMalformed, "no TLS server can use this key with this certificate");
  }
  return server;
}

result::Result<void> TlsServer::AskForCertificates(std::string_view pem) {
  ERR_clear_error();
  ASSIGN_OR_RETURN(const auto blocks, PemBlocks(pem, "CERTIFICATE"));
  if (blocks.empty()) return result::Fail(Reason::kMalformed, "there is no authority of client certificates");
  for (const Bytes& der : blocks) {
    const unsigned char* cursor = In(der);
    const OpensslPtr<X509> authority(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
    if (authority == nullptr || X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), authority.get()) != 1 ||
        SSL_CTX_add_client_CA(context_.get(), authority.get()) != 1) {
      return OpensslFailure(Reason::kMalformed, "no TLS server can use this authority of client certificates");
    }
  }
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context_.get(), VerifyAndGoOn, nullptr);
  SSL_CTX_set_max_cert_list(context_.get(), kMostClientOctets);
  return {};
}

result::Result<TlsConnection> TlsServer::Connect(int socket) const {
  ERR_clear_error();
  TlsConnection connection(SSL_new(context_.get()));
  if (connection.ssl_ == nullptr || SSL_set_fd(connection.ssl_.get(), socket) != 1) {
    return OpensslFailure(Reason::kInternal, "OpenSSL makes no TLS connection");
  }
  return connection;
}

}  // namespace pki
