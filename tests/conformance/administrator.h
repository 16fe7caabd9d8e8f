#ifndef CERTIFIER_TESTS_CONFORMANCE_ADMINISTRATOR_H
#define CERTIFIER_TESTS_CONFORMANCE_ADMINISTRATOR_H

#include <grpcpp/grpcpp.h>

#include <string>
#include <vector>

#include "certifier/v1/ca.pb.h"
#include "certifier/v1/policy.pb.h"
#include "certifier/v1/pre_shared_key.pb.h"
#include "certifier/v1/request.pb.h"
#include "pki/certificate.h"
#include "programs.h"

namespace conformance {

namespace v1 = certifier::v1;

// PreSharedKey is one that was made: how it is called, and the challenge itself.
struct PreSharedKey {
  std::string reference_number;
  std::string value;
};

struct KeyWish {
  std::string ca = "demo";
  unsigned uses = 1;
  std::string policy = {};   // Empty: the CA's.
  std::string subject = {};  // Empty: any.
};

// Administrator does what operators do, over mutual TLS. What must succeed fails the test otherwise.
class Administrator {
 public:
  explicit Administrator(EngineProgram& engine) : engine_(engine) {}

  void ApplyPolicy(const v1::Policy& policy) const;
  void CreateEntity(const std::string& name) const;
  // CreateCa returns its certificate.
  pki::Certificate CreateCa(const std::string& name, const std::string& algorithm, const std::string& policy) const;

  // MakeCa makes any CA, UpdateCa changes one; both return what it is then.
  v1::Ca MakeCa(const v1::CreateCaRequest& wish) const;
  v1::Ca UpdateCa(const v1::UpdateCaRequest& change) const;
  v1::Ca Stage(const std::string& ca) const;
  v1::Ca Activate(const std::string& ca) const;

  // The keys of these tests all belong to the entity "devices".
  PreSharedKey CreateKey(const KeyWish& wish = {}) const;
  unsigned UseCount(const PreSharedKey& key) const;
  std::vector<v1::PreSharedKey> Keys() const;

  // Requests are those whose transactionID is shown so, the newest first.
  std::vector<v1::Request> Requests(const std::string& transaction_id) const;
  // FindByFingerprint are the requests that a search finds.
  std::vector<v1::Request> FindByFingerprint(const std::string& fingerprint) const;
  // Explain is what operators are told of a transaction, once they are told anything.
  std::vector<v1::DecisionRecord> Explain(const std::string& transaction_id) const;
  grpc::Status Approve(const std::string& request_id, const std::string& fingerprint) const;
  grpc::Status Reject(const std::string& request_id) const;

  // What certifierctl does to a certificate.
  void Revoke(const pki::Certificate& certificate) const;
  void Suspend(const pki::Certificate& certificate) const;
  void Reactivate(const pki::Certificate& certificate) const;

 private:
  EngineProgram& engine_;
};

}  // namespace conformance

#endif  // CERTIFIER_TESTS_CONFORMANCE_ADMINISTRATOR_H
