#include "operators/door.h"

#include "pki/digest.h"

namespace engine::operators {

pki::Bytes TokenDigest(pki::ByteView token) {
  return pki::Digest(pki::DigestAlgorithm::kSha256, token);
}

result::Result<CallingOperator> Door::Admit(const service::OperatorCredentials& credentials,
                                            std::string_view method) const {
  const auto access = AccessFor(method);
  if (!access) return result::Fail(result::Reason::kUnauthorized, "no operator may do this");
  const auto admit = [](CallingOperator caller) -> result::Result<CallingOperator> {
    RETURN_IF_ERROR(CheckSomewhere(caller));
    return caller;
  };
  if (!credentials.certificate_sha256.empty()) {
    ASSIGN_OR_RETURN(auto record, store_.FindByCertificate(credentials.certificate_sha256));
    return admit(CallingOperator(std::move(record), *access));
  }
  pki::Bytes session = TokenDigest(credentials.token.Reveal());
  ASSIGN_OR_RETURN(auto found, store_.FindBySession(session, clock_(), idle_));
  return admit(CallingOperator(std::move(found.owner), *access, std::move(session), found.expires_at));
}

}  // namespace engine::operators
