#ifndef CERTIFIER_SCEP_GATEWAY_SCEP_SERVING_H
#define CERTIFIER_SCEP_GATEWAY_SCEP_SERVING_H

#include <cstdint>
#include <string_view>

#include "certifier/v1/scep_service.pb.h"
#include "scep/request.h"
#include "scep_query.h"

namespace gateway {

// ScepServing is what of SCEP is served at all, as administrators set it; everything where nothing is set.
class ScepServing {
 public:
  ScepServing() = default;
  explicit ScepServing(const certifier::v1::ScepServiceSettings& settings);

  bool is_active() const { return is_active_; }
  bool Allows(certifier::v1::ScepOperation operation) const { return (allowed_ & (1U << operation)) != 0; }
  // Of PKIOperation: whether one kind of it is allowed.
  bool Allows(Operation operation) const;
  // Whether who enrols and who renews are treated alike, so that nobody needs to tell them apart.
  bool treats_renewal_alike() const {
    return Allows(certifier::v1::SCEP_OPERATION_ENROLLMENT) == Allows(certifier::v1::SCEP_OPERATION_RENEWAL);
  }

 private:
  bool is_active_ = true;
  std::uint32_t allowed_ = ~std::uint32_t{0};  // A bit for each value of the enumeration.
};

// KindOf is what a message asks for; `is_renewal` tells whether its signer has a certificate of the CA.
certifier::v1::ScepOperation KindOf(scep::MessageType type, bool is_renewal);

// "GetCACaps", ..., "enrolment", "renewal", "poll", "GetCert", "GetCRL", for the log.
std::string_view ToString(certifier::v1::ScepOperation operation);

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_SCEP_SERVING_H
