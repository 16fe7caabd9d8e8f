#include "operators/door.h"

#include <string>

#include "pki/digest.h"
#include "service/log.h"

namespace engine::operators {

pki::Bytes TokenDigest(pki::ByteView token) {
  return pki::Digest(pki::DigestAlgorithm::kSha256, token);
}

result::Result<void> Door::MayTry(const service::OperatorCredentials& credentials) const {
  if (credentials.token.Reveal().empty()) return {};
  return enrollment::CheckDelay(wrong_tokens_.DelayFor({0, credentials.source}, clock_()),
                                "too many tokens of no session from your address");
}

void Door::NoteWrongToken(const pki::Bytes& digest, const std::string& source) const {
  if (!lately_wrong_.IsNew(digest)) return;
  if (wrong_tokens_.NoteWrong({0, source}, clock_()).empty()) return;
  service::LogWarning("login_guessed", {{"source", source}, {"alarm", "source_with_tokens"}});
}

result::Result<void> Door::NoteRefused(const CallingOperator& who, std::string_view method,
                                       const std::string& source) const {
  return store_.NoteRefusedCall(clock_(), who.login(), std::string(method), source);
}

result::Result<CallingOperator> Door::Admit(const service::OperatorCredentials& credentials,
                                            std::string_view method) const {
  const auto access = AccessFor(method);
  if (!access) return result::Fail(result::Reason::kUnauthorized, "no operator may do this");
  const auto admit = [&](CallingOperator caller) -> result::Result<CallingOperator> {
    if (auto may = CheckSomewhere(caller); !may) {
      RETURN_IF_ERROR(NoteRefused(caller, method, credentials.source));
      return tl::unexpected<result::Error>(std::move(may).error());
    }
    return caller;
  };
  if (!credentials.certificate_sha256.empty()) {
    ASSIGN_OR_RETURN(auto record, store_.FindByCertificate(credentials.certificate_sha256));
    return admit(CallingOperator(std::move(record), *access));
  }
  pki::Bytes session = TokenDigest(credentials.token.Reveal());
  const auto use = credentials.is_watching ? store::SessionUse::kByPage : store::SessionUse::kByOperator;
  auto found = store_.FindBySession(session, clock_(), idle_, use);
  if (!found) {
    if (found.error().reason == result::Reason::kUnauthorized) NoteWrongToken(session, credentials.source);
    return tl::unexpected<result::Error>(std::move(found).error());
  }
  return admit(CallingOperator(std::move(found->owner), *access, std::move(session), found->expires_at));
}

}  // namespace engine::operators
