#ifndef CERTIFIER_TESTS_INTEGRATION_ADMIN_FAKE_REQUESTS_H
#define CERTIFIER_TESTS_INTEGRATION_ADMIN_FAKE_REQUESTS_H

#include <atomic>
#include <mutex>

#include "certifier/v1/request.grpc.pb.h"
#include "engine_journal.h"

namespace admin_test {

// FakeRequests holds `count` pending requests, numbered from 1; the newest is the last, and each list and request is
// refused where that is told.
class FakeRequests final : public certifier::v1::RequestService::Service {
 public:
  FakeRequests(EngineJournal& journal, int count) : journal_(journal), count_(count) {
    certificate_.set_subject("CN=router");
    certificate_.add_subject_alternative_names("dns:router.example.net");
    certificate_.mutable_not_after()->set_seconds(1'800'000'000);
  }
  // A request that is decided already, and one that a second operator must approve.
  static constexpr char kDecided[] = "16", kHalfApproved[] = "20";
  static constexpr char kMd5[] = "2C0CACE7 D3F299ED 0A1B2C3D 4E5F6071";
  static constexpr char kHostileSubject[] = "CN=router\x1b[2J";
  grpc::Status ListRequests(grpc::ServerContext* context, const certifier::v1::ListRequestsRequest* request,
                            certifier::v1::ListRequestsResponse* response) override;
  grpc::Status GetRequest(grpc::ServerContext* context, const certifier::v1::GetRequestRequest* request,
                          certifier::v1::GetRequestResponse* response) override;
  grpc::Status ApproveRequest(grpc::ServerContext* context, const certifier::v1::ApproveRequestRequest* request,
                              certifier::v1::ApproveRequestResponse* response) override;
  grpc::Status PostponeRequest(grpc::ServerContext* context, const certifier::v1::PostponeRequestRequest* request,
                               certifier::v1::PostponeRequestResponse* response) override;
  grpc::Status ResumeRequest(grpc::ServerContext* context, const certifier::v1::ResumeRequestRequest* request,
                             certifier::v1::ResumeRequestResponse* response) override;
  // What was postponed or resumed last: "Postpone 17 REASON".
  std::string last_reason() const;
  grpc::Status ExplainRequest(grpc::ServerContext* context, const certifier::v1::ExplainRequestRequest* request,
                              certifier::v1::ExplainRequestResponse* response) override;
  // Of the last approval.
  std::uint32_t template_version() const { return template_version_; }
  certifier::v1::CertificateTemplate certificate() const {
    const std::lock_guard lock(mutex_);
    return certificate_;
  }
  // UpdateRequest takes any template but "CN=forbidden" for the one that all of them have.
  grpc::Status UpdateRequest(grpc::ServerContext* context, const certifier::v1::UpdateRequestRequest* request,
                             certifier::v1::UpdateRequestResponse* response) override;
  void SetCount(int count) { count_ = count; }
  void Refuse(grpc::StatusCode code) { refusal_ = code; }

 private:
  void FillTemplate(certifier::v1::TemplateView& view) const;

  EngineJournal& journal_;
  std::atomic<int> count_;
  std::atomic<grpc::StatusCode> refusal_ = grpc::StatusCode::OK;
  std::atomic<std::uint32_t> template_version_ = 0;
  mutable std::mutex mutex_;  // Guards all below.
  std::string last_reason_;
  std::uint32_t version_ = 1;
  certifier::v1::CertificateTemplate certificate_;
};

}  // namespace admin_test

#endif  // CERTIFIER_TESTS_INTEGRATION_ADMIN_FAKE_REQUESTS_H
