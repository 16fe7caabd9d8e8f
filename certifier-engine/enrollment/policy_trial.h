#ifndef CERTIFIER_ENGINE_ENROLLMENT_POLICY_TRIAL_H
#define CERTIFIER_ENGINE_ENROLLMENT_POLICY_TRIAL_H

#include <string_view>

#include "authority/directory.h"
#include "certifier/v1/policy_trial.pb.h"
#include "enrollment/challenge_guard.h"
#include "enrollment/decide.h"
#include "enrollment/lately_wrong.h"
#include "pki/secret.h"
#include "store/administration_store.h"

namespace engine::enrollment {

// PolicyTrial says what would become of a request, on the way that a real one goes, without its end: nothing is signed
// by a CA's key, no use of a key is counted, and nothing is stored. A wrong key in a challenge counts as the operator's
// guess, never as a device's. What an earlier request would answer is left out, and so are the bounds of what may wait.
// Safe from any thread; blocks on the database.
class PolicyTrial {
 public:
  // References must outlive it.
  struct Parts {
    const authority::Directory& directory;
    store::EnrollmentStore& requests;
    store::AdministrationStore& store;
    const Decider& decider;
    const pki::Secret& key_index;  // Key of the HMAC under which pre-shared keys are found.
    Clock clock;
    ChallengeGuard& guesses;  // Of operators; an attempt's CA is the operator's id here.
    LatelyWrong& lately_wrong;
    policy::WebhookCaller* webhooks = nullptr;  // Null: this engine calls none.
  };
  // Which CAs' keys a challenge or a reference number may be of; what is none of them is as unknown as a wrong one.
  enum class Keys { kOfAllCas, kOfItsCa };
  // Tester is the operator who asks.
  struct Tester {
    std::int64_t operator_id = 0;
    std::string login;
    std::string source;  // His IP address.
    Keys keys = Keys::kOfItsCa;
  };
  explicit PolicyTrial(Parts parts) : parts_(std::move(parts)) {}

  // Run: malformed for a PKCS#10 or a certificate that cannot be read, for a document that is faulty or that cannot be
  // tried, and for webhooks that this engine does not call; not found for an unknown CA, key or entity; unavailable
  // where the policy is not known to this engine yet, and, with how long it takes still, for a challenge of who must
  // wait since his were wrong.
  result::Result<certifier::v1::DecisionRecord> Run(const certifier::v1::TestPolicyRequest& request,
                                                    const Tester& tester) const;

 private:
  result::Result<Proposal> ReadProposal(const certifier::v1::TestPolicyRequest& request) const;
  result::Result<store::EnrollmentFacts> FindFacts(const certifier::v1::TestPolicyRequest& request,
                                                   const Proposal& proposal, const Tester& tester) const;
  void NoteWrong(const Tester& tester, const ChallengeGuard::Attempt& attempt, const std::string& ca,
                 const pki::Bytes& key_digest) const;
  result::Result<store::KeyRecord> NewKeyOf(const std::string& entity, const Proposal& proposal) const;

  const Parts parts_;
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_POLICY_TRIAL_H
