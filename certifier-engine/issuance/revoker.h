#ifndef CERTIFIER_ENGINE_ISSUANCE_REVOKER_H
#define CERTIFIER_ENGINE_ISSUANCE_REVOKER_H

#include "clock.h"
#include "store/revocation_store.h"

namespace engine::issuance {

// Revocable names a certificate: by serial number, and by CA where that is not unique.
struct Revocable {
  pki::Bytes serial_number;
  std::string ca;  // May be empty.
};

// Revoker carries out what operators decide of certificates that were issued. Each change is logged with its operator,
// and has every engine look for a CRL that is due. Failures are the store's (RevocationStore) and those below.
class Revoker {
 public:
  // `store` must outlive the revoker.
  Revoker(store::RevocationStore& store, Clock clock) : store_(store), clock_(std::move(clock)) {}

  // Revoke is for ever. Malformed for reason certificateHold, an invalidity date in the future or before 1970, and a
  // comment of more than 1000 octets or with a NUL.
  result::Result<void> Revoke(const Revocable& certificate, const store::NewRevocation& revocation) const;
  // Suspend is Revoke with reason certificateHold, whatever `revocation` says, and can be undone.
  result::Result<void> Suspend(const Revocable& certificate, store::NewRevocation revocation) const;
  result::Result<void> Reactivate(const Revocable& certificate, const std::string& operator_login) const;

 private:
  result::Result<void> Record(const Revocable& certificate, const store::NewRevocation& revocation) const;
  store::RevocationStore& store_;
  const Clock clock_;
};

}  // namespace engine::issuance

#endif  // CERTIFIER_ENGINE_ISSUANCE_REVOKER_H
