#ifndef CERTIFIER_TESTS_INTEGRATION_ADMIN_FAKE_ENGINE_H
#define CERTIFIER_TESTS_INTEGRATION_ADMIN_FAKE_ENGINE_H

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "certifier/v1/ca.grpc.pb.h"
#include "certifier/v1/certificate.grpc.pb.h"
#include "certifier/v1/crl.grpc.pb.h"
#include "certifier/v1/entity.grpc.pb.h"
#include "certifier/v1/policy.grpc.pb.h"
#include "certifier/v1/pre_shared_key.grpc.pb.h"
#include "engine_journal.h"
#include "fake_operators.h"
#include "fake_reports.h"
#include "fake_requests.h"
#include "fake_scep.h"
#include "service/grpc_server.h"

namespace admin_test {

class FakeCas final : public certifier::v1::CaService::Service {
 public:
  explicit FakeCas(EngineJournal& journal) : journal_(journal) {}
  grpc::Status CreateCa(grpc::ServerContext* context, const certifier::v1::CreateCaRequest* request,
                        certifier::v1::CreateCaResponse* response) override;
  grpc::Status ListCas(grpc::ServerContext* context, const certifier::v1::ListCasRequest* request,
                       certifier::v1::ListCasResponse* response) override;
  grpc::Status GetCa(grpc::ServerContext* context, const certifier::v1::GetCaRequest* request,
                     certifier::v1::GetCaResponse* response) override;
  // Put makes `ca`, or takes the place of the one of its name.
  void Put(const certifier::v1::Ca& ca);

 private:
  EngineJournal& journal_;
  std::mutex mutex_;  // Guards the one below.
  std::map<std::string, certifier::v1::Ca> cas_;
};

// FakeEntities has one entity, "router-7", and does with it as it is told. It answers ListEntities only when it is
// released, or the caller gives up.
class FakeEntities final : public certifier::v1::EntityService::Service {
 public:
  explicit FakeEntities(EngineJournal& journal) : journal_(journal) {}
  grpc::Status ListEntities(grpc::ServerContext* context, const certifier::v1::ListEntitiesRequest* request,
                            certifier::v1::ListEntitiesResponse* response) override;
  grpc::Status CreateEntity(grpc::ServerContext* context, const certifier::v1::CreateEntityRequest* request,
                            certifier::v1::CreateEntityResponse* response) override;
  grpc::Status GetEntity(grpc::ServerContext* context, const certifier::v1::GetEntityRequest* request,
                         certifier::v1::GetEntityResponse* response) override;
  grpc::Status UpdateEntity(grpc::ServerContext* context, const certifier::v1::UpdateEntityRequest* request,
                            certifier::v1::UpdateEntityResponse* response) override;
  // WaitForCall returns once a call waits; WaitForCancel once it saw that its caller gave up. False after 10 s.
  bool WaitForCall();
  bool WaitForCancel();
  void Release();

 private:
  EngineJournal& journal_;
  std::mutex mutex_;  // Guards all below.
  std::condition_variable changed_;
  bool is_waiting_ = false, is_cancelled_ = false, is_released_ = false;
};

class FakeKeys final : public certifier::v1::PreSharedKeyService::Service {
 public:
  explicit FakeKeys(EngineJournal& journal) : journal_(journal) {}
  grpc::Status CreatePreSharedKey(grpc::ServerContext* context, const certifier::v1::CreatePreSharedKeyRequest* request,
                                  certifier::v1::CreatePreSharedKeyResponse* response) override;
  // The three below are about one key, "100001"; any other is not found.
  grpc::Status GetPreSharedKey(grpc::ServerContext* context, const certifier::v1::GetPreSharedKeyRequest* request,
                               certifier::v1::GetPreSharedKeyResponse* response) override;
  grpc::Status RekeyPreSharedKey(grpc::ServerContext* context, const certifier::v1::RekeyPreSharedKeyRequest* request,
                                 certifier::v1::RekeyPreSharedKeyResponse* response) override;
  grpc::Status DisablePreSharedKey(grpc::ServerContext* context,
                                   const certifier::v1::DisablePreSharedKeyRequest* request,
                                   certifier::v1::DisablePreSharedKeyResponse* response) override;
  // ListPreSharedKeys has 120 keys of "router-7", 100120 to 100001, and nobody else's; the first of them has ended. It
  // is refused past 100 keys of a page.
  grpc::Status ListPreSharedKeys(grpc::ServerContext* context, const certifier::v1::ListPreSharedKeysRequest* request,
                                 certifier::v1::ListPreSharedKeysResponse* response) override;
  static certifier::v1::PreSharedKey Known();
  // The value that was typed in last.
  std::string last_value() const;

  // MintPreSharedKeys makes keys that say their items and the beginning of the token; a CA "nowhere" is a fault, an
  // entity "late" is away, and "forgotten" gets no key. Calls have 1 to 500 items, as the engine's.
  grpc::Status MintPreSharedKeys(grpc::ServerContext* context, const certifier::v1::MintPreSharedKeysRequest* request,
                                 certifier::v1::MintPreSharedKeysResponse* response) override;
  // How many calls for keys in bulk came, and whether "late" is away.
  int mint_calls() const { return mint_calls_; }
  void SetLate(bool is_late) { is_late_ = is_late; }
  // Whether the last of them was to make entities.
  bool created_entities() const { return created_entities_; }

 private:
  grpc::Status Find(const std::string& reference_number, certifier::v1::PreSharedKey& key) const;
  void Remember(const std::string& value);

  std::atomic<int> mint_calls_ = 0;
  std::atomic<bool> is_late_ = true, created_entities_ = false;
  EngineJournal& journal_;
  mutable std::mutex mutex_;  // Guards the one below.
  std::string last_value_;
};

// FakePolicies keeps every version of every name, and judges none.
class FakePolicies final : public certifier::v1::PolicyService::Service {
 public:
  explicit FakePolicies(EngineJournal& journal) : journal_(journal) {}
  grpc::Status ListPolicies(grpc::ServerContext* context, const certifier::v1::ListPoliciesRequest* request,
                            certifier::v1::ListPoliciesResponse* response) override;
  grpc::Status RollbackPolicy(grpc::ServerContext* context, const certifier::v1::RollbackPolicyRequest* request,
                              certifier::v1::RollbackPolicyResponse* response) override;
  // TestPolicy repeats in its record what it was asked, and ReplayPolicy has two pages with a change each.
  grpc::Status TestPolicy(grpc::ServerContext* context, const certifier::v1::TestPolicyRequest* request,
                          certifier::v1::TestPolicyResponse* response) override;
  grpc::Status ReplayPolicy(grpc::ServerContext* context, const certifier::v1::ReplayPolicyRequest* request,
                            certifier::v1::ReplayPolicyResponse* response) override;
  grpc::Status DescribeModules(grpc::ServerContext* context, const certifier::v1::DescribeModulesRequest* request,
                               certifier::v1::DescribeModulesResponse* response) override;
  grpc::Status ListPolicyVersions(grpc::ServerContext* context, const certifier::v1::ListPolicyVersionsRequest* request,
                                  certifier::v1::ListPolicyVersionsResponse* response) override;
  grpc::Status ApplyPolicy(grpc::ServerContext* context, const certifier::v1::ApplyPolicyRequest* request,
                           certifier::v1::ApplyPolicyResponse* response) override;
  grpc::Status GetPolicy(grpc::ServerContext* context, const certifier::v1::GetPolicyRequest* request,
                         certifier::v1::GetPolicyResponse* response) override;

 private:
  grpc::Status Add(const certifier::v1::Policy& policy, std::optional<std::uint32_t> expected,
                   certifier::v1::PolicyVersion* added);

  EngineJournal& journal_;
  std::mutex mutex_;  // Guards the one below.
  std::map<std::string, std::vector<certifier::v1::PolicyVersion>> policies_;
};

// FakeCertificates has one certificate, "5f3a", and does as it is told. A search for "three" finds three good ones, of
// which kStubborn is not revoked.
class FakeCertificates final : public certifier::v1::CertificateService::Service {
 public:
  static constexpr char kStubborn[] = "b2";
  explicit FakeCertificates(EngineJournal& journal) : journal_(journal) {}
  grpc::Status ListCertificates(grpc::ServerContext* context, const certifier::v1::ListCertificatesRequest* request,
                                certifier::v1::ListCertificatesResponse* response) override;
  grpc::Status GetCertificate(grpc::ServerContext* context, const certifier::v1::GetCertificateRequest* request,
                              certifier::v1::GetCertificateResponse* response) override;
  grpc::Status RevokeCertificate(grpc::ServerContext* context, const certifier::v1::RevokeCertificateRequest* request,
                                 certifier::v1::RevokeCertificateResponse* response) override;
  grpc::Status SuspendCertificate(grpc::ServerContext* context, const certifier::v1::SuspendCertificateRequest* request,
                                  certifier::v1::SuspendCertificateResponse* response) override;
  grpc::Status ReactivateCertificate(grpc::ServerContext* context,
                                     const certifier::v1::ReactivateCertificateRequest* request,
                                     certifier::v1::ReactivateCertificateResponse* response) override;

  // The serial numbers that were to be revoked.
  std::vector<std::string> revoked() const {
    const std::lock_guard lock(mutex_);
    return revoked_;
  }

 private:
  EngineJournal& journal_;
  mutable std::mutex mutex_;  // Guards all below.
  certifier::v1::Certificate certificate_;
  std::vector<std::string> revoked_;
};

class FakeCrls final : public certifier::v1::CrlService::Service {
 public:
  explicit FakeCrls(EngineJournal& journal);
  grpc::Status GetCrl(grpc::ServerContext* context, const certifier::v1::GetCrlRequest* request,
                      certifier::v1::GetCrlResponse* response) override;
  // Put is from now on the newest CRL of its CA. At first there is one of "demo".
  void Put(const certifier::v1::Crl& crl);

 private:
  EngineJournal& journal_;
  std::mutex mutex_;  // Guards the one below.
  std::map<std::string, certifier::v1::Crl> crls_;
};

// FakeEngine serves all of them over TLS, to role admin only.
class FakeEngine {
 public:
  explicit FakeEngine(const service::TlsFiles& tls);
  ~FakeEngine() { Stop(); }
  std::string address() const { return "127.0.0.1:" + std::to_string(server_.port()); }
  const EngineJournal& journal() const { return journal_; }
  FakeCertificates& certificates() { return certificates_; }
  FakeOperators& operators() { return operators_; }
  FakeCas& cas() { return cas_; }
  FakeCrls& crls() { return crls_; }
  FakeEntities& entities() { return entities_; }
  const FakeKeys& keys() const { return keys_; }
  FakeKeys& keys() { return keys_; }
  const FakeRequests& requests() const { return requests_; }
  FakeRequests& requests() { return requests_; }
  FakeScep& scep() { return scep_; }
  // Stop lets go of waiting calls and closes the port; again does nothing.
  void Stop();

 private:
  bool is_stopped_ = false;
  EngineJournal journal_;
  FakeCas cas_{journal_};
  FakeEntities entities_{journal_};
  FakeKeys keys_{journal_};
  FakePolicies policies_{journal_};
  FakeRequests requests_{journal_, 250};
  FakeCertificates certificates_{journal_};
  FakeCrls crls_{journal_};
  FakeOperators operators_{journal_};
  FakeReports reports_;
  FakeScep scep_{journal_};
  service::GrpcServer server_;
};

}  // namespace admin_test

#endif  // CERTIFIER_TESTS_INTEGRATION_ADMIN_FAKE_ENGINE_H
