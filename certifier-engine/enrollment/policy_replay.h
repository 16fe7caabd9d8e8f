#ifndef CERTIFIER_ENGINE_ENROLLMENT_POLICY_REPLAY_H
#define CERTIFIER_ENGINE_ENROLLMENT_POLICY_REPLAY_H

#include "authority/directory.h"
#include "certifier/v1/policy_trial.pb.h"
#include "keys/sealer.h"
#include "policy/policy.h"
#include "store/administration_store.h"

namespace engine::enrollment {

// PolicyReplay runs stored requests against another document: what each would come to, had it arrived under it. Nothing
// is changed. Immutable; blocks on the database.
class PolicyReplay {
 public:
  // References must outlive it.
  struct Parts {
    const authority::Directory& directory;
    store::AdministrationStore& store;
    const keys::Sealer& requests;
  };
  explicit PolicyReplay(Parts parts) : parts_(parts) {}

  // Run looks at the requests of `page`, the newest first, as far as `request` means them. Malformed for a document
  // that is faulty or that cannot be tried. `since` is read by the caller.
  result::Result<certifier::v1::ReplayPolicyResponse> Run(const certifier::v1::ReplayPolicyRequest& request,
                                                          TimePoint since, store::Page page) const;

 private:
  struct Replayed;
  result::Result<Replayed> Replay(const store::RequestRecord& record, const policy::Policy& policy) const;

  const Parts parts_;
};

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_POLICY_REPLAY_H
