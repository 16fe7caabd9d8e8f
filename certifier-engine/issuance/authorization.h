#ifndef CERTIFIER_ENGINE_ISSUANCE_AUTHORIZATION_H
#define CERTIFIER_ENGINE_ISSUANCE_AUTHORIZATION_H

#include <cstdint>
#include <utility>

#include "issuance/certificate_template.h"

namespace engine::policy {
class Chain;
}
namespace engine::enrollment {
class OperatorApproval;
}

namespace engine::issuance {

// Authorization is the leave to issue one certificate by one CA. Only a policy chain's acceptance and an operator's
// approval can make one; it holds what was authorised, so that nothing else can be issued with it; issuing consumes it.
class Authorization {
 public:
  Authorization(Authorization&&) noexcept = default;
  Authorization& operator=(Authorization&&) = delete;
  Authorization(const Authorization&) = delete;
  Authorization& operator=(const Authorization&) = delete;

  std::int64_t ca_id() const { return ca_id_; }
  const CertificateTemplate& certificate() const { return certificate_; }

 private:
  friend class engine::policy::Chain;
  friend class engine::enrollment::OperatorApproval;
  Authorization(std::int64_t ca_id, CertificateTemplate certificate)
      : ca_id_(ca_id), certificate_(std::move(certificate)) {}

  std::int64_t ca_id_;
  CertificateTemplate certificate_;
};

}  // namespace engine::issuance

#endif  // CERTIFIER_ENGINE_ISSUANCE_AUTHORIZATION_H
