#ifndef CERTIFIER_ENGINE_ISSUANCE_AUTHORIZATION_H
#define CERTIFIER_ENGINE_ISSUANCE_AUTHORIZATION_H

#include <cstdint>
#include <utility>

#include "issuance/certificate_template.h"

namespace engine::policy {
class Evaluator;
}

namespace engine::issuance {

// Authorization is the leave to issue one certificate by one CA. Only the acceptance of a policy's chains can make one,
// for what arrives or for what operators approve; it holds what was authorised, so that nothing else can be issued with
// it; issuing consumes it.
class Authorization {
 public:
  Authorization(Authorization&&) noexcept = default;
  Authorization& operator=(Authorization&&) = delete;
  Authorization(const Authorization&) = delete;
  Authorization& operator=(const Authorization&) = delete;

  std::int64_t ca_id() const { return ca_id_; }
  const CertificateTemplate& certificate() const { return certificate_; }

 private:
  friend class engine::policy::Evaluator;
  Authorization(std::int64_t ca_id, CertificateTemplate certificate)
      : ca_id_(ca_id), certificate_(std::move(certificate)) {}

  std::int64_t ca_id_;
  CertificateTemplate certificate_;
};

}  // namespace engine::issuance

#endif  // CERTIFIER_ENGINE_ISSUANCE_AUTHORIZATION_H
