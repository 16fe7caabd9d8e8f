#include "fake_reports.h"

namespace admin_test {

namespace v1 = certifier::v1;

namespace {

constexpr std::int64_t kMoment = 1'700'000'000;

}  // namespace

grpc::Status FakeReports::ListFailures(grpc::ServerContext*, const v1::ListFailuresRequest* request,
                                       v1::ListFailuresResponse* response) {
  const bool is_first = request->page_token().empty();
  if (is_first) response->set_next_page_token("second");
  auto& failure = *response->add_failures();
  failure.set_decision_id(is_first ? "decision-1" : "decision-2");
  failure.set_outcome(v1::DECISION_OUTCOME_REJECTED);
  failure.set_reason(is_first ? "key_unknown" : "gateway: addressed_to_ca");
  failure.set_message_count(is_first ? 17 : 1);
  failure.mutable_last_at()->set_seconds(kMoment);
  failure.mutable_message()->set_ca(request->ca());
  failure.mutable_message()->set_source_address("192.0.2.7");
  failure.mutable_message()->set_subject("CN=\x1b[2Jrouter-7");
  return grpc::Status::OK;
}

grpc::Status FakeReports::ListOverdueCertificates(grpc::ServerContext*,
                                                  const v1::ListOverdueCertificatesRequest* request,
                                                  v1::ListOverdueCertificatesResponse* response) {
  auto& certificate = *response->add_certificates();
  certificate.set_serial_number("4711");
  certificate.set_ca(request->ca());
  certificate.set_subject("CN=late-" + std::to_string(request->page_size()));
  certificate.mutable_not_after()->set_seconds(kMoment);
  response->set_has_more(true);
  return grpc::Status::OK;
}

grpc::Status FakeReports::ListExpiringKeys(grpc::ServerContext*, const v1::ListExpiringKeysRequest* request,
                                           v1::ListExpiringKeysResponse* response) {
  auto& key = *response->add_keys();
  key.set_reference_number("100001");
  key.set_ca(request->ca());
  key.set_entity("within-" + std::to_string(request->within().seconds()));
  key.set_uses_left(3);
  key.mutable_expires_at()->set_seconds(kMoment);
  return grpc::Status::OK;
}

grpc::Status FakeReports::ListIssuance(grpc::ServerContext*, const v1::ListIssuanceRequest*,
                                       v1::ListIssuanceResponse* response) {
  for (const std::uint64_t issued : {40, 1, 0}) {
    auto& hour = *response->add_hours();
    hour.mutable_begins_at()->set_seconds(kMoment);
    hour.set_issued(issued);
    hour.set_refused(issued + 2);
  }
  return grpc::Status::OK;
}

}  // namespace admin_test
