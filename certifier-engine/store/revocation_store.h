#ifndef CERTIFIER_ENGINE_STORE_REVOCATION_STORE_H
#define CERTIFIER_ENGINE_STORE_REVOCATION_STORE_H

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pki/crl.h"
#include "store/types.h"

namespace engine::store {

// Revocation is what was said of a certificate that is not good. Suspended: reason certificateHold.
struct Revocation {
  pki::CrlReason reason = pki::CrlReason::kUnspecified;
  TimePoint revoked_at;  // When it was suspended, if it was before.
  std::optional<TimePoint> invalidity_date;
  std::string comment;
  std::string revoked_by;

  bool is_suspension() const { return reason == pki::CrlReason::kCertificateHold; }
};

// NewRevocation is a Revocation to be recorded now.
struct NewRevocation {
  pki::CrlReason reason = pki::CrlReason::kUnspecified;  // certificateHold suspends.
  std::optional<TimePoint> invalidity_date;
  std::string comment;  // At most 1000 octets, none of them NUL.
  std::string revoked_by;
};

// CrlRecord is all of a CRL but its octets.
struct CrlRecord {
  std::int64_t crl_number = 0;
  TimePoint this_update, next_update;
  std::uint32_t revoked_count = 0;
};

// CrlDraft is what the next CRL of a CA shall say.
struct CrlDraft {
  std::int64_t crl_number = 0;
  std::vector<pki::RevokedCertificate> revoked;  // In the order in which the certificates were issued.
};

// NewCrl is a draft, signed.
struct NewCrl {
  TimePoint this_update, next_update;
  Bytes crl;  // DER.
};

// RevocationStore keeps which certificates are not good, and the CRLs that say so.
class RevocationStore {
 public:
  virtual ~RevocationStore() = default;

  // Revoke revokes or suspends a certificate, named as in GetCertificate, for ever or until Reactivate, and notifies
  // every engine. What is suspended can be revoked and keeps its time. kNotFound; kConflict for a change that RFC 5280
  // section 5.3.1 does not know: of what is revoked, or a second suspension; and where two CAs have the serial number.
  virtual Result<void> Revoke(const Bytes& serial_number, const std::string& ca, const NewRevocation& revocation) = 0;
  // Reactivate makes a suspended certificate good again. Otherwise as Revoke.
  virtual Result<void> Reactivate(const Bytes& serial_number, const std::string& ca) = 0;

  // DueCrls names the active CAs' generations, next and retired ones too while their certificates last, whose CRL is
  // missing, no longer says all, or has lived half its life.
  virtual Result<std::vector<std::int64_t>> DueCrls(TimePoint now) = 0;
  // IssueCrl has `sign` make the next CRL of a generation, if it is due and no other engine is at it, and records it in
  // one transaction; of the older ones `kept` stay. Every engine is notified. Entries of certificates that had expired
  // when the CRL before was made are left out (RFC 5280 section 3.3). False: nothing was to be done, or another engine
  // does it. The failure of `sign` leaves nothing.
  using Sign = std::function<Result<NewCrl>(const CrlDraft&)>;
  struct CrlTurn {
    std::int64_t ca_generation_id = 0;
    TimePoint now;
    std::uint64_t kept = 0;
  };
  virtual Result<bool> IssueCrl(const CrlTurn& turn, const Sign& sign) = 0;
  // GetCrl is the DER of one CRL; kNotFound.
  virtual Result<Bytes> GetCrl(std::int64_t ca_generation_id, std::int64_t crl_number) = 0;
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_REVOCATION_STORE_H
