#ifndef CERTIFIER_TESTS_INTEGRATION_ADMIN_FAKE_REPORTS_H
#define CERTIFIER_TESTS_INTEGRATION_ADMIN_FAKE_REPORTS_H

#include "certifier/v1/report.grpc.pb.h"

namespace admin_test {

// FakeReports has a failure on each of two pages, an overdue certificate and an expiring key of more, and three hours.
// It repeats what it was asked in the names that it gives.
class FakeReports final : public certifier::v1::ReportService::Service {
 public:
  grpc::Status ListFailures(grpc::ServerContext* context, const certifier::v1::ListFailuresRequest* request,
                            certifier::v1::ListFailuresResponse* response) override;
  grpc::Status ListOverdueCertificates(grpc::ServerContext* context,
                                       const certifier::v1::ListOverdueCertificatesRequest* request,
                                       certifier::v1::ListOverdueCertificatesResponse* response) override;
  grpc::Status ListExpiringKeys(grpc::ServerContext* context, const certifier::v1::ListExpiringKeysRequest* request,
                                certifier::v1::ListExpiringKeysResponse* response) override;
  grpc::Status ListIssuance(grpc::ServerContext* context, const certifier::v1::ListIssuanceRequest* request,
                            certifier::v1::ListIssuanceResponse* response) override;
};

}  // namespace admin_test

#endif  // CERTIFIER_TESTS_INTEGRATION_ADMIN_FAKE_REPORTS_H
