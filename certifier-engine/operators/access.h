#ifndef CERTIFIER_ENGINE_OPERATORS_ACCESS_H
#define CERTIFIER_ENGINE_OPERATORS_ACCESS_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "result/result.h"
#include "store/operator_store.h"

namespace engine::operators {

using store::AccessLevel;

// "read", "revocation", "entity write", "write", "super-user".
std::string_view ToString(AccessLevel level);

// Includes tells whether who has `granted` may do what needs `needed`.
bool Includes(AccessLevel granted, AccessLevel needed);

// Scope is where the level of a call is needed.
enum class Scope {
  kSelf,     // Nowhere: any active operator may.
  kSomeCa,   // For one CA or more; a list shows what belongs to those.
  kItsCa,    // For the CA that the call is about, which its handler finds out.
  kEveryCa,  // For all CAs.
};

struct Access {
  AccessLevel level = AccessLevel::kSuperUser;
  Scope scope = Scope::kEveryCa;
};

// AccessFor is what an RPC of an administrators' service needs, by its name, such as "ListCas". Nothing: nobody may.
// LogIn and Initialize have none: they are for who is no operator yet.
std::optional<Access> AccessFor(std::string_view method);

// CallingOperator is an active operator on one call, for which he has the level that it needs, somewhere.
class CallingOperator {
 public:
  CallingOperator(store::OperatorRecord record, Access access, pki::Bytes session = {},
                  std::optional<store::TimePoint> expires_at = std::nullopt)
      : record_(std::move(record)), access_(access), session_(std::move(session)), expires_at_(expires_at) {}

  const std::string& login() const { return record_.login; }
  const std::vector<std::string>& groups() const { return record_.groups; }
  const store::OperatorRecord& record() const { return record_; }
  // SHA-256 of his session's token, and when it ends; empty and nothing where he came with a certificate.
  const pki::Bytes& session() const { return session_; }
  const std::optional<store::TimePoint>& expires_at() const { return expires_at_; }

  // May tells whether he has the level of this call for a CA, which may be named in any case.
  bool May(std::string_view ca) const;
  // Require is what each handler of a call of scope kItsCa begins with. Unauthorized where he may not.
  result::Result<void> Require(std::string_view ca) const;
  // RequireAll is Require for each; for none of them it asks nothing more than the call's level somewhere.
  result::Result<void> RequireAll(const std::vector<std::string>& cas) const;
  // RequireEverywhere is for what concerns every CA. Unauthorized where his grants are limited.
  result::Result<void> RequireEverywhere() const;
  // RequireSuperUser is for what needs more than the call's level: super-user for all CAs.
  result::Result<void> RequireSuperUser() const;
  // RequireOfStore takes over the answer of a store that judged by Cas in the transaction of a change.
  template <class T>
  result::Result<void> RequireOfStore(const result::Result<T>& answer) const {
    was_asked_ = true;
    if (answer) return {};
    if (answer.error().reason == result::Reason::kUnauthorized) was_refused_ = true;
    return tl::unexpected<result::Error>(answer.error());
  }
  // Cas are the ids of the CAs for which he has the level; nothing: all of them.
  std::optional<std::vector<std::int64_t>> Cas() const;
  // Whether the handler asked for a CA.
  bool was_asked() const { return was_asked_; }
  // Whether one of the above refused him something.
  bool was_refused() const { return was_refused_; }

 private:
  friend result::Result<void> CheckSomewhere(const CallingOperator& caller);

  tl::unexpected<result::Error> Refuse(AccessLevel level, std::string_view where) const;

  store::OperatorRecord record_;
  Access access_;
  pki::Bytes session_;
  std::optional<store::TimePoint> expires_at_;
  mutable bool was_asked_ = false, was_refused_ = false;
};

// CheckSomewhere looks at what can be judged before the handler runs: unauthorized where the caller has the call's
// level nowhere, or not for all CAs where it is needed there.
result::Result<void> CheckSomewhere(const CallingOperator& caller);

}  // namespace engine::operators

#endif  // CERTIFIER_ENGINE_OPERATORS_ACCESS_H
