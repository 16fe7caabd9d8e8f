#ifndef CERTIFIER_SERVICE_STATUS_MAPPING_H
#define CERTIFIER_SERVICE_STATUS_MAPPING_H

#include <grpcpp/grpcpp.h>

#include "certifier/v1/error.pb.h"
#include "result/result.h"

namespace service {

// ToErrorDetail is a failure as a message: its text is `error.detail`, except for internal errors, whose text is fixed.
certifier::v1::ErrorDetail ToErrorDetail(const result::Error& error);
// FromErrorDetail maps it back; a reason that we do not know is internal.
result::Error FromErrorDetail(const certifier::v1::ErrorDetail& detail);

// ToStatus maps a failure to a gRPC status: the reason rides in the status's details as certifier.v1.ErrorDetail. The
// message is the detail's.
grpc::Status ToStatus(const result::Error& error);
// FromStatus maps it back. A status without our details becomes unavailable (UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED,
// RESOURCE_EXHAUSTED), unauthorized (PERMISSION_DENIED, UNAUTHENTICATED) or internal.
result::Error FromStatus(const grpc::Status& status);

}  // namespace service

#endif  // CERTIFIER_SERVICE_STATUS_MAPPING_H
