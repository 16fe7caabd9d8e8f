#ifndef CERTIFIER_TESTS_UNIT_ENGINE_POLICY_RANDOM_POLICY_H
#define CERTIFIER_TESTS_UNIT_ENGINE_POLICY_RANDOM_POLICY_H

#include <google/protobuf/message.h>
#include <rapidcheck.h>

#include "fake_webhook.h"
#include "fixture.h"

// Documents and situations that nobody thought of. Failures of rapidcheck show documents as text, by showValue.
namespace engine_test {

// What keys and entities may have attributes of, and modules may take parameters from.
inline const std::vector<std::string> kAttributeNames = {"site", "role", "n"};

// Below draws 0 to `bound` - 1, each as often, within a gen::exec or a property: inRange alone begins with small ones.
int Below(int bound);

// AnyModule is a module whose parameters are within their bounds, of those that operators and attackers would use.
rc::Gen<certifier::v1::Module> AnyModule();
// AnyPolicy has chains of such modules, and mostly issues where they accept.
rc::Gen<certifier::v1::Policy> AnyPolicy();
// Fill sets fields of any message to anything that Protocol Buffers take, within a gen::exec.
void Fill(google::protobuf::Message& message);

// AnySituation is a request that is plain or hostile, from a device that somebody stands behind or nobody.
// `webhook`, which must outlive it, answers for whoever is asked.
rc::Gen<Situation> AnySituation(FakeWebhook& webhook);
// AnyAnswer is what a webhook may answer: mostly JSON, often a verdict, sometimes with changes.
rc::Gen<std::string> AnyAnswer();

}  // namespace engine_test

namespace certifier::v1 {

inline void showValue(const Module& module, std::ostream& out) {
  out << module.ShortDebugString();
}
inline void showValue(const Policy& policy, std::ostream& out) {
  out << policy.ShortDebugString();
}

}  // namespace certifier::v1

#endif  // CERTIFIER_TESTS_UNIT_ENGINE_POLICY_RANDOM_POLICY_H
