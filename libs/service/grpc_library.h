#ifndef CERTIFIER_SERVICE_GRPC_LIBRARY_H
#define CERTIFIER_SERVICE_GRPC_LIBRARY_H

namespace service {

// GrpcLibrary holds gRPC from its place in main, after signals are blocked, since gRPC starts threads, to the end of
// main. Without it gRPC, when its last channel or server goes,
// takes itself down on a thread that nobody waits for, while main returns and OpenSSL and the standard library free
// what that thread still uses. Nothing of gRPC's may outlive it.
class GrpcLibrary {
 public:
  GrpcLibrary();
  // Waits until gRPC has come to its end.
  ~GrpcLibrary();
  GrpcLibrary(const GrpcLibrary&) = delete;
  GrpcLibrary& operator=(const GrpcLibrary&) = delete;
};

}  // namespace service

#endif  // CERTIFIER_SERVICE_GRPC_LIBRARY_H
