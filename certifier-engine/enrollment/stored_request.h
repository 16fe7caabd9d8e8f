#ifndef CERTIFIER_ENGINE_ENROLLMENT_STORED_REQUEST_H
#define CERTIFIER_ENGINE_ENROLLMENT_STORED_REQUEST_H

#include <memory>
#include <optional>

#include "authority/snapshot.h"
#include "keys/sealer.h"
#include "pki/certificate_request.h"
#include "policy/facts.h"
#include "store/administration_store.h"

namespace engine::enrollment {

// What a chain needs of a request that is stored.

// OpenRequest is the PKCS#10 that came, and no other (requirements F-08). Bad message check or conflict if it is not.
result::Result<pki::CertificateRequest> OpenRequest(const store::RequestRecord& record, const keys::Sealer& sealer);

// CaOf is the generation that the request was addressed to, if it does not serve its last, else the active one; null
// where there is none.
std::shared_ptr<const authority::CertificationAuthority> CaOf(const authority::Snapshot& snapshot,
                                                              const store::RequestRecord& record);

// Vouchers are the key that came with a request and the entity that it is for, with their attributes as they are now.
struct Vouchers {
  std::optional<policy::KeyFacts> key;
  std::optional<policy::EntityFacts> entity;
};
// VouchersOf: malformed where attributes cannot be read.
result::Result<Vouchers> VouchersOf(const store::RequestRecord& record);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_STORED_REQUEST_H
