#ifndef CERTIFIER_PKI_TLS_SERVER_H
#define CERTIFIER_PKI_TLS_SERVER_H

#include <memory>
#include <string_view>

#include "pki/bytes.h"
#include "result/result.h"

struct ssl_ctx_st;
struct ssl_st;

namespace pki {

// TlsConnection is the server's end of one TLS connection over a non-blocking socket, which stays the caller's, as
// waiting does. Confined to one thread.
class TlsConnection {
 public:
  // What became of a step. After kWantsRead and kWantsWrite the caller waits for the socket and takes the step again,
  // with the same octets; after kEnded (the peer has said goodbye) and kBroken there is no further one.
  enum class Progress { kDone, kWantsRead, kWantsWrite, kEnded, kBroken };

  Progress Shake();
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

// TlsServer is the server's side of TLS 1.3, or 1.2 with forward secrecy and authenticated encryption, without client
// certificates. Immutable; Connect may be called from any thread.
class TlsServer {
 public:
  // FromPem takes a certificate, perhaps with its chain behind it, and its unencrypted key. Malformed where they cannot
  // be read or do not belong together.
  static result::Result<TlsServer> FromPem(std::string_view certificates, std::string_view key);

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
