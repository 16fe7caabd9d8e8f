#ifndef CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_REPLY_H
#define CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_REPLY_H

#include <optional>
#include <vector>

#include "doctor/authority.h"
#include "doctor/report.h"
#include "pki/cms.h"
#include "scep/message.h"

namespace doctor {

// Letter is a PKIMessage on its way, and what its CertRep must refer to.
struct Letter {
  pki::Bytes message;
  scep::TransactionId transaction_id;
  scep::Nonce nonce;
  pki::DigestAlgorithm digest = pki::DigestAlgorithm::kSha256;
};

// Reply is a CertRep as it came. Nothing of it is proven before JudgeForm.
struct Reply {
  // Read is malformed where it is no SignedData with the attributes messageType 3 and a pkiStatus that is known.
  static result::Result<Reply> Read(pki::ByteView body);

  pki::SignedData signed_data;
  scep::PkiStatus status = scep::PkiStatus::kFailure;
  std::optional<scep::FailInfo> fail_info;  // Nothing also where it is none that RFC 8894 knows.
};

// kFormChecks are the names of what JudgeForm finds, in order.
inline constexpr const char* kFormChecks[] = {"reply-signature",  "reply-transaction", "reply-nonces",
                                              "reply-attributes", "reply-digest",      "reply-content"};
// So many of them, the first ones, are what a client must have before it believes a reply.
inline constexpr std::size_t kBindingChecks = 3;
// JudgeForm holds a reply to RFC 8894 section 3.2, whatever its status.
std::vector<Finding> JudgeForm(const Reply& reply, const Letter& letter, const Authority& authority,
                               pki::TimePoint now);

}  // namespace doctor

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_REPLY_H
