#ifndef CERTIFIER_ENGINE_ENROLLMENT_FIND_DECISIONS_H
#define CERTIFIER_ENGINE_ENROLLMENT_FIND_DECISIONS_H

#include <string_view>
#include <vector>

#include "certifier/v1/decision.pb.h"
#include "store/administration_store.h"

namespace engine::enrollment {

// FindDecisions finds why messages were answered as they were, by what somebody has in hand: the number of a request,
// the UUID of a decision, a printed transactionID, a fingerprint of the PKCS#10. Text that may be several of them is
// looked up as each. The newest first, at most 100. Malformed for text that is none, not found where nothing is known.
result::Result<std::vector<certifier::v1::DecisionRecord>> FindDecisions(store::AdministrationStore& store,
                                                                         std::string_view text);

// ReadDecision is a stored decision with what the store knows of it beside its record. Internal if that is unreadable.
result::Result<certifier::v1::DecisionRecord> ReadDecision(const store::StoredDecision& stored);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_FIND_DECISIONS_H
