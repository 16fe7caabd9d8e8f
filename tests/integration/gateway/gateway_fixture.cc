#include "gateway_fixture.h"

#include <httplib.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <nlohmann/json.hpp>

namespace gateway {

namespace {

constexpr int kFirstDeviceKey = 100;

KeyPtr DeviceKey(int number) {
  return TestKey("rsa-2048", kFirstDeviceKey + number);
}

}  // namespace

GatewayFixture::GatewayFixture()
    : demo_(MakeIssuer("demo")), bundle_(Bundle(demo_, {Ra(demo_, RaWish(demo_))}, true)) {}

GatewayFixture::~GatewayFixture() {
  if (!program_) return;
  program_->Signal(SIGTERM);
  const int code = program_->Wait();
  INFO(program_->err());
  CHECK(code == 0);
}

std::unique_ptr<FakeEngineServer> GatewayFixture::MakeEngine(const service::TlsFiles& tls, const std::string& listen) {
  const std::string socket = "unix:" + (directory_.path() / "engine").string();
  auto engine = std::make_unique<FakeEngineServer>(tls, listen.empty() ? socket : listen);
  engine->directory().Publish(DirectoryOf({}, 1));
  engine->enrollment().set_decide([this](const auto& request, auto& response) {
    const auto signer = pki::Certificate::Parse(request.signer_certificate()).value();
    for (int number = 0;; ++number) {
      const KeyPtr key = DeviceKey(number);
      if (key->public_key().spki() != signer.spki()) continue;
      response.mutable_issued()->set_certificate(demo_.Issue({.subject = "CN=device", .key = key}).der());
      return grpc::Status::OK;
    }
  });
  return engine;
}

void GatewayFixture::Start(const std::vector<std::string>& flags, const std::string& target) {
  const auto port_file = directory_.path() / "ports.json";
  const auto tls = certificates.Issue(Role::kGateway, "gateway");
  std::vector<std::string> command = {SCEP_GATEWAY,
                                      "--listen",
                                      "127.0.0.1:0",
                                      "--health-listen",
                                      "127.0.0.1:0",
                                      "--engine",
                                      target.empty() ? "unix:" + (directory_.path() / "engine").string() : target,
                                      "--tls-ca",
                                      tls.authority,
                                      "--tls-certificate",
                                      tls.certificate,
                                      "--tls-key",
                                      tls.key,
                                      "--port-file",
                                      port_file};
  command.insert(command.end(), flags.begin(), flags.end());
  program_.emplace(directory_.path(), command);
  const bool is_up = Eventually([&] { return std::filesystem::exists(port_file); });
  INFO(program_->err());
  REQUIRE(is_up);
  const auto ports = nlohmann::json::parse(support::ReadFile(port_file));
  port_ = ports["scep"];
  health_port_ = ports["health"];
}

void GatewayFixture::StartReady(const std::vector<std::string>& flags, const std::string& target) {
  Start(flags, target);
  const bool is_ready = Eventually([this] { return HealthStatus("/readyz") == 200; });
  INFO(program_->out() << program_->err());
  REQUIRE(is_ready);
}

std::pair<int, std::string> GatewayFixture::Health(const std::string& path) const {
  const auto answer = httplib::Client("127.0.0.1", health_port_).Get(path);
  return answer ? std::pair(answer->status, answer->body) : std::pair(0, std::string());
}

scep::Client GatewayFixture::Device(int number) const {
  return scep::Client::Create(DeviceKey(number), pki::Name::FromString("CN=device").value(), RaCertificate(bundle_))
      .value();
}

std::string GatewayFixture::AsPost(const pki::Bytes& message) {
  return "POST /scep?operation=PKIOperation HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(message.size()) +
         "\r\n\r\n" + message;
}

std::string GatewayFixture::PkcsReq(scep::Client& device, int number) {
  return AsPost(device.MakePkcsReq(MakeRequest(DeviceKey(number), "CN=device", "secret")).value());
}

HttpReply GatewayFixture::Enrol() {
  auto device = Device();
  const auto reply = HttpClient(port_).Exchange(PkcsReq(device));
  REQUIRE(reply);
  return *reply;
}

std::string GatewayFixture::EnrolInWords() {
  auto device = Device();
  const auto reply = HttpClient(port_).Exchange(PkcsReq(device));
  return InWords(device, reply);
}

std::string GatewayFixture::InWords(const scep::Client& device, const std::optional<HttpReply>& reply) {
  if (!reply) return "no answer";
  if (reply->status != 200) return std::to_string(reply->status);
  const auto read = device.ReadReply(reply->body);
  if (!read) return "unreadable: " + read.error().detail;
  switch (read->status) {
    case scep::PkiStatus::kSuccess:
      return read->certificates.size() == 1 ? "SUCCESS" : "SUCCESS without its certificate";
    case scep::PkiStatus::kFailure:
      return "FAILURE " + std::string(read->fail_info ? scep::ToString(*read->fail_info) : "without failInfo");
    case scep::PkiStatus::kPending:
      return "PENDING";
  }
  return "unknown status";
}

certifier::v1::WatchResponse GatewayFixture::DirectoryOf(const std::vector<std::string>& further,
                                                         std::uint64_t version) const {
  std::vector<certifier::v1::CaBundle> bundles = {bundle_};
  bundles.front().mutable_options()->MergeFrom(options);
  for (const std::string& name : further) {
    const TestIssuer issuer = MakeIssuer(name);
    bundles.push_back(Bundle(issuer, {Ra(issuer, RaWish(issuer, 1))}));
  }
  return Directory(std::move(bundles), version);
}

}  // namespace gateway
