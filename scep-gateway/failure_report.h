#ifndef CERTIFIER_SCEP_GATEWAY_FAILURE_REPORT_H
#define CERTIFIER_SCEP_GATEWAY_FAILURE_REPORT_H

#include <string>

#include "ca_snapshot.h"
#include "scep/request.h"

namespace gateway {

// FailureReport is what the engine keeps of a FAILURE that this gateway answered by itself: nothing of the content.
struct FailureReport {
  std::string decision_id;  // UUID; the device may be told it.
  std::string ca;
  scep::TransactionId transaction_id;
  std::uint32_t message_type = 0;  // 0: not read.
  std::string reason;
  std::string digest, cipher;  // Names; empty: not read.
  std::string source_address;
  pki::TimePoint received_at;
};

// NameFailure gives a report its id: the same for the same failure of the same message from the same source on one day
// (UTC), so that who repeats himself is counted and not stored again.
void NameFailure(FailureReport& report);

// ReasonOf is why a message was refused, in words. Of an envelope for somebody else it says for whom: clients that take
// the CA's certificate for the RA's are the most frequent fault of all.
std::string ReasonOf(const scep::Refusal& refusal, const CaSnapshot& snapshot);

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_FAILURE_REPORT_H
