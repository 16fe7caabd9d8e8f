#ifndef CERTIFIER_TESTS_INTEGRATION_GATEWAY_FAKE_ENGINE_SERVER_H
#define CERTIFIER_TESTS_INTEGRATION_GATEWAY_FAKE_ENGINE_SERVER_H

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "certifier/v1/ca_directory.grpc.pb.h"
#include "certifier/v1/enrollment.grpc.pb.h"
#include "service/grpc_server.h"

namespace gateway {

// FakeCrl is a CRL as an engine has it; gateways look at nothing inside.
struct FakeCrl {
  std::uint64_t number = 1;
  std::string octets;
  std::uint64_t announced_size = 0;  // 0: the octets' own.
  std::int64_t next_update = 4'102'444'800;
};

// FakeDirectory streams what it is told to publish.
class FakeDirectory final : public certifier::v1::CaDirectoryService::Service {
 public:
  grpc::Status Watch(grpc::ServerContext* context, const certifier::v1::WatchRequest* request,
                     grpc::ServerWriter<certifier::v1::WatchResponse>* writer) override;
  void Publish(certifier::v1::WatchResponse directory);
  // PublishInPieces sends a message for each CA; where `breaks_off`, it hangs up in place of the last one, every time.
  void PublishInPieces(certifier::v1::WatchResponse directory, bool breaks_off = false);
  // How often a watch began.
  int watches();
  // FetchCrl sends the CRL of a CA in pieces of 100 octets, or a thousandth of it, or NOT_FOUND.
  grpc::Status FetchCrl(grpc::ServerContext* context, const certifier::v1::FetchCrlRequest* request,
                        grpc::ServerWriter<certifier::v1::FetchCrlResponse>* writer) override;
  void SetCrl(const std::string& ca, FakeCrl crl);
  // How often a CRL was asked for.
  int fetches();
  // ReportScepService keeps the report, or is unknown where SetOld was called.
  grpc::Status ReportScepService(grpc::ServerContext* context, const certifier::v1::ReportScepServiceRequest* request,
                                 certifier::v1::ReportScepServiceResponse* response) override;
  std::vector<certifier::v1::ReportScepServiceRequest> reports();
  void SetOld();
  // End hangs up on every watcher, also on later ones.
  void End();

 private:
  std::mutex mutex_;  // Guards all below.
  std::condition_variable changed_;
  std::vector<certifier::v1::WatchResponse> pieces_ = {{}};
  bool breaks_off_ = false;
  int watches_ = 0;
  bool is_ended_ = false;
  std::map<std::string, FakeCrl> crls_;
  int fetches_ = 0;
  std::vector<certifier::v1::ReportScepServiceRequest> reports_;
  bool is_old_ = false;
};

// FakeEnrollment decides by a function, and can be told to think it over.
class FakeEnrollment final : public certifier::v1::EnrollmentService::Service {
 public:
  using Decide = std::function<grpc::Status(const certifier::v1::SubmitRequest&, certifier::v1::SubmitResponse&)>;

  grpc::Status Submit(grpc::ServerContext* context, const certifier::v1::SubmitRequest* request,
                      certifier::v1::SubmitResponse* response) override;
  // SubmitBatch is a Submit for each; it fails with `refusal` where that is not OK.
  grpc::Status SubmitBatch(grpc::ServerContext* context, const certifier::v1::SubmitBatchRequest* request,
                           certifier::v1::SubmitBatchResponse* response) override;
  grpc::Status ReportFailure(grpc::ServerContext* context, const certifier::v1::ReportFailureRequest* request,
                             certifier::v1::ReportFailureResponse* response) override;
  std::vector<certifier::v1::ReportFailureRequest> reports();
  void set_batch_refusal(grpc::Status refusal);
  // How many submissions each batch had.
  std::vector<int> batches();
  void set_decide(Decide decide);
  // Hold keeps every later call until Release, or until its caller gives up.
  void Hold();
  void Release();
  // WaitForCalls returns once so many have come; false after 10 s.
  bool WaitForCalls(std::size_t count);
  std::vector<certifier::v1::SubmitRequest> calls();

 private:
  std::mutex mutex_;  // Guards all below.
  std::condition_variable changed_;
  Decide decide_;
  bool is_holding_ = false;
  grpc::Status batch_refusal_;
  std::vector<int> batches_;
  std::vector<certifier::v1::SubmitRequest> calls_;
  std::vector<certifier::v1::ReportFailureRequest> reports_;
};

// FakeEngineServer serves both over mutual TLS, to role gateway only.
class FakeEngineServer {
 public:
  // `listen` is HOST:PORT or "unix:PATH", which another one can take over later.
  FakeEngineServer(const service::TlsFiles& tls, std::string listen = "127.0.0.1:0");
  ~FakeEngineServer() { Stop(); }

  FakeDirectory& directory() { return directory_; }
  FakeEnrollment& enrollment() { return enrollment_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(server_.port()); }
  // Stop breaks off what is under way and frees the address; again does nothing.
  void Stop();

 private:
  bool is_stopped_ = false;
  FakeDirectory directory_;
  FakeEnrollment enrollment_;
  service::GrpcServer server_;
};

}  // namespace gateway

#endif  // CERTIFIER_TESTS_INTEGRATION_GATEWAY_FAKE_ENGINE_SERVER_H
