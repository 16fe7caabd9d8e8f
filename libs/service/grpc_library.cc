#include "service/grpc_library.h"

#include <grpc/grpc.h>

namespace service {

GrpcLibrary::GrpcLibrary() {
  grpc_init();
}

GrpcLibrary::~GrpcLibrary() {
  grpc_shutdown_blocking();
}

}  // namespace service
