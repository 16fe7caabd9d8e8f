#ifndef CERTIFIER_ENGINE_RPC_CRL_SENDER_H
#define CERTIFIER_ENGINE_RPC_CRL_SENDER_H

#include <memory>

#include "authority/certification_authority.h"
#include "certifier/v1/ca_directory.grpc.pb.h"

namespace engine::rpc {

using CrlReactor = grpc::ServerWriteReactor<certifier::v1::FetchCrlResponse>;

// SendCrl streams a CRL in pieces of at most 256 KiB, each when the one before has left. RefuseCrl ends a stream before
// its first piece. Both own themselves until gRPC is done with them.
CrlReactor* SendCrl(std::shared_ptr<const authority::Crl> crl);
CrlReactor* RefuseCrl(const grpc::Status& status);

}  // namespace engine::rpc

#endif  // CERTIFIER_ENGINE_RPC_CRL_SENDER_H
