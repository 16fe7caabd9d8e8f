#ifndef CERTIFIER_PKI_TLS_SERVER_H
#define CERTIFIER_PKI_TLS_SERVER_H

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pki/bytes.h"
#include "result/result.h"

struct ssl_ctx_st;
struct ssl_st;

namespace pki {

// PeerCertificate is what a TLS client showed, with proof that it has the key.
struct PeerCertificate {
  Bytes der;
  std::string problem;  // Why it does not verify, in OpenSSL's words; empty: it does.
};

// TlsConnection is the server's end of one TLS connection over a non-blocking socket, which stays the caller's, as
// waiting does. Confined to one thread.
class TlsConnection {
 public:
  // What became of a step. After kWantsRead and kWantsWrite the caller waits for the socket and takes the step again,
  // with the same octets; after kEnded (the peer has said goodbye) and kBroken there is no further one.
  enum class Progress { kDone, kWantsRead, kWantsWrite, kEnded, kBroken };

  Progress Shake();
  // Peer is the client's certificate once hands are shaken; nothing where none was asked for, or shown.
  std::optional<PeerCertificate> Peer() const;
  // Read puts what has come, at least an octet, into `buffer`, and its length into `count`.
  Progress Read(char* buffer, std::size_t size, std::size_t& count);
  // Write sends the first `count` of `octets`.
  Progress Write(ByteView octets, std::size_t& count);
  // Close tells the peer that nothing more comes, as far as that goes without waiting.
  void Close();

 private:
  friend class TlsServer;
  struct Free {
    void operator()(ssl_st* ssl) const;
  };
  explicit TlsConnection(ssl_st* ssl) : ssl_(ssl) {}
  Progress After(int code);

  std::unique_ptr<ssl_st, Free> ssl_;
};

// TlsServer is the server's side of TLS 1.3, or 1.2 with forward secrecy and authenticated encryption. Connect may be
// called from any thread.
class TlsServer {
 public:
  // FromPem takes a certificate, perhaps with its chain behind it, and its unencrypted key. Malformed where they cannot
  // be read or do not belong together.
  static result::Result<TlsServer> FromPem(std::string_view certificates, std::string_view key);

  // AskForCertificates makes later connections ask the client for a certificate, without requiring one, of the
  // authorities in `pem`, which it is told by name. The handshake goes through whatever the client shows: its user
  // could not tell why it failed. What that is worth TlsConnection::Peer says. Before the first Connect. Malformed
  // where the authorities cannot be read.
  result::Result<void> AskForCertificates(std::string_view pem);

  // Connect makes the connection of `socket`; its first step is Shake. Internal if OpenSSL cannot.
  result::Result<TlsConnection> Connect(int socket) const;

 private:
  struct Free {
    void operator()(ssl_ctx_st* context) const;
  };
  explicit TlsServer(ssl_ctx_st* context) : context_(context) {}
  std::unique_ptr<ssl_ctx_st, Free> context_;
};

}  // namespace pki

#endif  // CERTIFIER_PKI_TLS_SERVER_H
