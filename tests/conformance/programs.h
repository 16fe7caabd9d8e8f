#ifndef CERTIFIER_TESTS_CONFORMANCE_PROGRAMS_H
#define CERTIFIER_TESTS_CONFORMANCE_PROGRAMS_H

#include <grpcpp/channel.h>

#include <memory>
#include <string>
#include <vector>

#include "support/child.h"
#include "support/test_certificates.h"

namespace conformance {

// EngineProgram is `certifier-engine serve` with a database, a key-encryption key and an internal CA of its own.
class EngineProgram {
 public:
  // It is ready when the constructor, or Start, returns.
  explicit EngineProgram(const std::vector<std::string>& flags = {});
  // One more engine on the database of `first`, which must outlive it, with the same key-encryption key.
  EngineProgram(const EngineProgram& first, const std::vector<std::string>& flags);
  ~EngineProgram();
  void Start();
  // Stop ends it in an orderly way; the database stays.
  void Stop();

  int port() const { return port_; }
  pid_t pid() const { return runs_.back()->pid(); }
  // The text of its metrics.
  std::string Metrics() const;
  const std::string& database() const { return database_; }
  std::string key_encryption_key() const { return key_encryption_key_; }
  // AdminChannel leads to the program that runs now, as the admin service.
  std::shared_ptr<grpc::Channel> AdminChannel();
  // What it wrote, from its first start on.
  std::string output() const;

  // Shared with further engines: they are one installation.
  const std::shared_ptr<support::TestCertificates> shared_certificates;
  support::TestCertificates& certificates;

 private:
  support::Directory directory_;
  const std::vector<std::string> flags_;
  const std::string database_;
  const std::string key_encryption_key_;
  std::vector<std::unique_ptr<support::Child>> runs_;
  std::shared_ptr<grpc::Channel> admin_;
  int port_ = 0, health_port_ = 0;
};

// GatewayProgram is `scep-gateway` in front of an engine, on a free port; ready when the constructor returns.
class GatewayProgram {
 public:
  explicit GatewayProgram(EngineProgram& engine, const std::vector<std::string>& flags = {});
  // Ends it; it must end well.
  ~GatewayProgram();
  GatewayProgram(const GatewayProgram&) = delete;
  GatewayProgram& operator=(const GatewayProgram&) = delete;

  int port() const { return port_; }
  pid_t pid() const { return program_->pid(); }
  std::string Metrics() const;
  // Its log, and that with whatever else it wrote.
  std::string log() const { return program_->err(); }
  std::string output() const { return program_->out() + program_->err(); }

 private:
  support::Directory directory_;
  std::unique_ptr<support::Child> program_;
  int port_ = 0, health_port_ = 0;
};

}  // namespace conformance

#endif  // CERTIFIER_TESTS_CONFORMANCE_PROGRAMS_H
