#include "fake_requests.h"

#include "service/status_mapping.h"

namespace admin_test {

namespace {

namespace v1 = certifier::v1;
using result::Reason;

constexpr std::int64_t kReceivedAt = 1'795'486'200;

v1::Request RequestNumber(const std::string& id) {
  v1::Request request;
  request.set_request_id(id);
  request.set_renewed_serial_number("0badcafe");
  request.add_transaction_id_aliases("another name");
  request.set_state(v1::REQUEST_STATE_PENDING);
  request.set_ca("demo");
  request.set_subject(FakeRequests::kHostileSubject);
  request.set_key_algorithm("rsa-2048");
  request.set_transaction_id("A1B2C3");
  request.set_source_address("192.0.2.1");
  request.mutable_received_at()->set_seconds(kReceivedAt);
  request.mutable_fingerprints()->mutable_request()->mutable_md5()->set_grouped(FakeRequests::kMd5);
  request.mutable_fingerprints()->mutable_unsigned_request()->mutable_sha256()->set_lower("c0ffee");
  if (id == FakeRequests::kHalfApproved) {
    auto& approval = *request.mutable_approval();
    approval.set_required_approvals(2);
    approval.add_required_groups("audit");
    approval.set_missing("1 of 2 operators have approved");
    auto& given = *approval.add_approvals();
    given.set_login("bob\x1b[2J");
    given.add_groups("network");
    given.set_fingerprint("c0ffee");
    given.mutable_approved_at()->set_seconds(kReceivedAt);
    given.set_is_standing(true);
    *approval.add_approvals() = given;
    approval.mutable_approvals(1)->set_login("carol");
    approval.mutable_approvals(1)->set_is_standing(false);
  }
  return request;
}

}  // namespace

grpc::Status FakeRequests::ListRequests(grpc::ServerContext* context, const v1::ListRequestsRequest* request,
                                        v1::ListRequestsResponse* response) {
  journal_.Record(*context);
  if (refusal_ != grpc::StatusCode::OK) return grpc::Status(refusal_, "refused");
  if (request->state() == v1::REQUEST_STATE_REJECTED) return grpc::Status::OK;
  if (!request->same_key_as().empty()) {
    for (const int number : {3, 2}) *response->add_requests() = RequestNumber(std::to_string(number));
    response->set_next_page_token("2");
    return grpc::Status::OK;
  }
  const int count = count_, step = request->oldest_first() ? 1 : -1;
  int next = request->oldest_first() ? 1 : count;
  if (!request->page_token().empty()) next = std::stoi(request->page_token());
  const auto is_one = [count](int number) { return number > 0 && number <= count; };
  for (std::uint32_t i = 0; i < request->page_size() && is_one(next); ++i, next += step) {
    *response->add_requests() = RequestNumber(std::to_string(next));
  }
  if (is_one(next)) response->set_next_page_token(std::to_string(next));
  return grpc::Status::OK;
}

grpc::Status FakeRequests::GetRequest(grpc::ServerContext* context, const v1::GetRequestRequest* request,
                                      v1::GetRequestResponse* response) {
  journal_.Record(*context);
  *response->mutable_request() = RequestNumber(request->request_id());
  auto& extension = *response->mutable_request()->add_requested_extensions();
  extension.set_name("X509v3 Key Usage");
  extension.set_text("<i>Digital Signature");
  if (request->request_id() == kDecided) return grpc::Status::OK;
  const std::lock_guard lock(mutex_);
  FillTemplate(*response->mutable_request()->mutable_template_());
  return grpc::Status::OK;
}

void FakeRequests::FillTemplate(v1::TemplateView& view) const {
  view.set_template_version(version_);
  *view.mutable_certificate() = certificate_;
  view.set_verdict(v1::VERDICT_ACCEPT);
  view.set_reason("accept_all: accepts all");
  if (version_ > 1) view.set_edited_by("alice");
}

grpc::Status FakeRequests::UpdateRequest(grpc::ServerContext* context, const v1::UpdateRequestRequest* request,
                                         v1::UpdateRequestResponse* response) {
  journal_.Record(*context);
  const std::lock_guard lock(mutex_);
  if (request->template_version() != version_) {
    return service::ToStatus({Reason::kConflict, "the template is of version " + std::to_string(version_) + " by now"});
  }
  if (request->certificate().subject() == "CN=forbidden") {
    return service::ToStatus({Reason::kPolicyRefused, "deny by match_subject: CN=forbidden is not allowed"});
  }
  if (request->certificate().SerializeAsString() != certificate_.SerializeAsString()) version_++;
  certificate_ = request->certificate();
  *response->mutable_request() = RequestNumber(request->request_id());
  FillTemplate(*response->mutable_request()->mutable_template_());
  return grpc::Status::OK;
}

grpc::Status FakeRequests::ApproveRequest(grpc::ServerContext* context, const v1::ApproveRequestRequest* request,
                                          v1::ApproveRequestResponse* response) {
  journal_.Record(*context);
  template_version_ = request->template_version();
  if (request->fingerprint() != kMd5) {
    return service::ToStatus({Reason::kPolicyRefused, "the fingerprint is not the one of this request"});
  }
  *response->mutable_request() = RequestNumber(request->request_id());
  if (request->request_id() == kHalfApproved) return grpc::Status::OK;
  response->mutable_request()->set_state(v1::REQUEST_STATE_ISSUED);
  return grpc::Status::OK;
}

grpc::Status FakeRequests::PostponeRequest(grpc::ServerContext* context, const v1::PostponeRequestRequest* request,
                                           v1::PostponeRequestResponse* response) {
  journal_.Record(*context);
  if (request->request_id() == kDecided) return service::ToStatus({Reason::kConflict, "request 16 is not pending"});
  const std::lock_guard lock(mutex_);
  last_reason_ = "Postpone " + request->request_id() + " " + request->reason();
  *response->mutable_request() = RequestNumber(request->request_id());
  response->mutable_request()->set_state(v1::REQUEST_STATE_POSTPONED);
  return grpc::Status::OK;
}

grpc::Status FakeRequests::ResumeRequest(grpc::ServerContext* context, const v1::ResumeRequestRequest* request,
                                         v1::ResumeRequestResponse* response) {
  journal_.Record(*context);
  if (request->request_id() == kDecided) return service::ToStatus({Reason::kConflict, "request 16 is not pending"});
  const std::lock_guard lock(mutex_);
  last_reason_ = "Resume " + request->request_id() + " " + request->reason();
  *response->mutable_request() = RequestNumber(request->request_id());
  response->mutable_request()->set_state(v1::REQUEST_STATE_PENDING);
  return grpc::Status::OK;
}

std::string FakeRequests::last_reason() const {
  const std::lock_guard lock(mutex_);
  return last_reason_;
}

grpc::Status FakeRequests::ExplainRequest(grpc::ServerContext* context, const v1::ExplainRequestRequest* request,
                                          v1::ExplainRequestResponse* response) {
  journal_.Record(*context);
  if (request->query() == "nothing") return service::ToStatus({Reason::kNotFound, "nothing is known of it"});
  auto& decision = *response->add_decisions();
  decision.set_decision_id("61f8f3ca-b265-8d2e-8d70-8d48ed766b5c");
  decision.set_classification(v1::CLASSIFICATION_INITIAL);
  decision.set_outcome(v1::DECISION_OUTCOME_REJECTED);
  decision.set_reason("match_subject: CN=\x1b[31mred is not allowed");
  decision.set_reference_number("7QK2M4XA");
  decision.set_policy("default");
  decision.set_policy_version(3);
  decision.set_message_count(4);
  decision.mutable_message()->set_transaction_id(request->query());
  auto& step = *decision.add_steps();
  step.set_chain("receive_request");
  step.set_position(2);
  step.set_module("match_subject");
  step.set_verdict(v1::VERDICT_DENY);
  step.set_saw("CN=\x1b[31mred is not allowed");
  step.add_changes("subject: CN=changed");
  step.mutable_took()->set_nanos(12'000);
  return grpc::Status::OK;
}

}  // namespace admin_test
