#include "programs.h"

#include <csignal>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "keys/key_encryption_key.h"
#include "support/access.h"
#include "tests/integration/engine/cluster.h"
#include "tests/integration/gateway/http_client.h"

namespace conformance {

namespace {

using service::Role;
using support::Eventually;

// WaitForPorts returns what the program wrote to `file`, once it is ready.
std::map<std::string, int> WaitForPorts(const std::filesystem::path& file, const support::Child& program) {
  if (!Eventually([&] { return std::filesystem::exists(file); })) {
    throw std::runtime_error("the program does not listen: " + program.out() + program.err());
  }
  const std::map<std::string, int> ports = nlohmann::json::parse(support::ReadFile(file));
  const auto is_ready = [&] {
    const auto answer = gateway::Get(ports.at("health"), "/readyz");
    return answer && answer->status == 200;
  };
  if (!Eventually(is_ready)) throw std::runtime_error("the program is not ready: " + program.out() + program.err());
  return ports;
}

std::string MetricsAt(int port) {
  const auto answer = gateway::Get(port, "/metrics");
  if (!answer || answer->status != 200) throw std::runtime_error("no metrics");
  return answer->body;
}

void AppendTls(const service::TlsFiles& tls, std::vector<std::string>& command) {
  command.insert(command.end(),
                 {"--tls-ca", tls.authority, "--tls-certificate", tls.certificate, "--tls-key", tls.key});
}

}  // namespace

EngineProgram::EngineProgram(const std::vector<std::string>& flags)
    : shared_certificates(std::make_shared<support::TestCertificates>()),
      certificates(*shared_certificates),
      flags_(flags),
      database_(engine_test::Cluster::Get().MakeDatabase()),
      key_encryption_key_(directory_.path() / "key-encryption-key") {
  engine_test::Execute(database_, support::OperatorSql("alice", {"super_user"}));
  if (const auto made = engine::keys::KeyEncryptionKey::Create(key_encryption_key()); !made) {
    throw std::runtime_error(made.error().detail);
  }
  Start();
}

EngineProgram::EngineProgram(const EngineProgram& first, const std::vector<std::string>& flags)
    : shared_certificates(first.shared_certificates),
      certificates(*shared_certificates),
      flags_(flags),
      database_(first.database_),
      key_encryption_key_(first.key_encryption_key_) {
  Start();
}

EngineProgram::~EngineProgram() {
  Stop();
}

void EngineProgram::Start() {
  const auto port_file = directory_.path() / "ports.json";
  std::vector<std::string> command = {
      CERTIFIER_ENGINE, "serve",   "--listen",    "127.0.0.1:0", "--health-listen",      "127.0.0.1:0",
      "--database",     database_, "--port-file", port_file,     "--key-encryption-key", key_encryption_key(),
      "--log-level",    "debug"};
  // The shortest that it takes, so that no test waits for longer.
  command.insert(command.end(), {"--directory-refresh", "100ms", "--expiry-interval", "1s"});
  AppendTls(certificates.Issue(Role::kEngine, "engine"), command);
  command.insert(command.end(), flags_.begin(), flags_.end());
  std::filesystem::remove(port_file);
  runs_.push_back(std::make_unique<support::Child>(directory_.path(), command));
  const auto ports = WaitForPorts(port_file, *runs_.back());
  port_ = ports.at("grpc");
  health_port_ = ports.at("health");
}

void EngineProgram::Stop() {
  admin_.reset();
  runs_.back()->Signal(SIGTERM);
  runs_.back()->Wait();
}

std::shared_ptr<grpc::Channel> EngineProgram::AdminChannel() {
  if (!admin_) admin_ = support::Open(port_, certificates.Issue(Role::kAdmin, "admin"));
  return admin_;
}

std::string EngineProgram::Metrics() const {
  return MetricsAt(health_port_);
}

std::string EngineProgram::output() const {
  std::string output;
  for (const auto& run : runs_) output += run->out() + run->err();
  return output;
}

GatewayProgram::GatewayProgram(EngineProgram& engine, const std::vector<std::string>& flags) {
  const auto port_file = directory_.path() / "ports.json";
  std::vector<std::string> command = {SCEP_GATEWAY,
                                      "--listen",
                                      "127.0.0.1:0",
                                      "--health-listen",
                                      "127.0.0.1:0",
                                      "--engine",
                                      "ipv4:127.0.0.1:" + std::to_string(engine.port()),
                                      "--port-file",
                                      port_file,
                                      "--log-level",
                                      "debug"};
  AppendTls(engine.certificates.Issue(Role::kGateway, "gateway"), command);
  command.insert(command.end(), flags.begin(), flags.end());
  program_ = std::make_unique<support::Child>(directory_.path(), command);
  const auto ports = WaitForPorts(port_file, *program_);
  port_ = ports.at("scep");
  health_port_ = ports.at("health");
}

std::string GatewayProgram::Metrics() const {
  return MetricsAt(health_port_);
}

GatewayProgram::~GatewayProgram() {
  program_->Signal(SIGTERM);
  if (const int code = program_->Wait(); code != 0) {
    std::fprintf(stderr, "scep-gateway ended with %d: %s\n", code, program_->err().c_str());
  }
}

}  // namespace conformance
