#ifndef CERTIFIER_SERVICE_OPERATOR_CREDENTIALS_H
#define CERTIFIER_SERVICE_OPERATOR_CREDENTIALS_H

#include <grpcpp/grpcpp.h>

#include <string>

#include "pki/bytes.h"
#include "pki/secret.h"
#include "result/result.h"

namespace service {

// How an admin service names who stands behind a call to the engine, and an operator without a certificate to the admin
// service: SHA-256 of the DER of the client certificate, 32 octets, or the token of a session, 32 octets; never both.
inline constexpr char kOperatorCertificateMetadata[] = "certifier-operator-certificate-bin";
inline constexpr char kOperatorTokenMetadata[] = "certifier-operator-token-bin";
// Where he is: an address as text. Only from an admin service.
inline constexpr char kOperatorSourceMetadata[] = "certifier-operator-source";
// "yes" where his page asks by itself, without him: such calls keep no session from ending. Only from an admin service.
inline constexpr char kOperatorWatchingMetadata[] = "certifier-operator-watching";

// OperatorCredentials are what an operator shows.
struct OperatorCredentials {
  pki::Bytes certificate_sha256;  // Empty where he shows a token.
  pki::Secret token;
  std::string source;
  bool is_watching = false;

  // Copy is a second owner, said aloud.
  OperatorCredentials Copy() const { return {certificate_sha256, token.Copy(), source, is_watching}; }
  // Put adds them to the metadata of a call to the engine.
  void Put(grpc::ClientContext& context) const;
};

// ForwardedCredentials are those of the operator behind a call of an admin service. Unauthorized for a caller of
// another role, for none or both of the two, and for others than an admin service sends.
result::Result<OperatorCredentials> ForwardedCredentials(const grpc::ServerContextBase& context);

// ForwardedSource is where he is, for a call that needs no credentials. Unauthorized for a caller of another role.
result::Result<std::string> ForwardedSource(const grpc::ServerContextBase& context);

// ShownCredentials are those of the peer of a call to an admin service: its certificate, which is of role operator, or
// its token where it has no certificate. Empty where it shows neither. Unauthorized for a token that is none.
result::Result<OperatorCredentials> ShownCredentials(const grpc::ServerContextBase& context);

}  // namespace service

#endif  // CERTIFIER_SERVICE_OPERATOR_CREDENTIALS_H
