#ifndef CERTIFIER_SERVICE_GRPC_CHANNEL_H
#define CERTIFIER_SERVICE_GRPC_CHANNEL_H

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "result/result.h"
#include "service/caller.h"
#include "service/tls_files.h"

namespace service {

struct ChannelSettings {
  // gRPC target: "dns:///engine:9440", or several addresses "ipv4:127.0.0.1:9440,127.0.0.1:9441".
  std::string target;
  TlsFiles tls;  // Without certificate and key: the client shows none.
  // The role that the server's certificate must have; any other is refused in the handshake.
  Role server_role = Role::kEngine;
  // Names of RPC services ("certifier.v1.EnrollmentService") whose calls are idempotent and may be retried on
  // UNAVAILABLE, or of single methods ("certifier.v1.CertificateService/GetCertificate").
  std::vector<std::string> retry_services;
};

// OpenChannel makes a channel with TLS 1.3, round robin over the target's addresses, keepalive (30 s, 20 s) and retries
// (4 attempts from 50 ms) for `retry_services`. It connects by itself and in the background. Malformed for bad TLS
// files.
result::Result<std::shared_ptr<grpc::Channel>> OpenChannel(const ChannelSettings& settings);

}  // namespace service

#endif  // CERTIFIER_SERVICE_GRPC_CHANNEL_H
