#include "tests/unit/gateway/scep_fixture.h"

#include <future>

namespace gateway {

ScepFixture::ScepFixture(const ScepEndpoint::Settings& settings, const certifier::v1::CaOptions& options)
    : demo(MakeIssuer("demo")), other(MakeIssuer("other")) {
  demo_bundle = Bundle(demo, {Ra(demo, RaWish(demo, 0))}, true);
  demo_bundle.mutable_options()->MergeFrom(options);
  other_bundle = Bundle(other, {Ra(other, RaWish(other, 1))});
  snapshot = BuildSnapshot(Directory({demo_bundle, other_bundle}), Days(0), NoEngineKey()).snapshot;
  workers_ = std::make_unique<service::WorkerPool>("test", 2, 16);
  endpoint_ = std::make_unique<ScepEndpoint>(
      settings, ScepEndpoint::Parts{[this] { return snapshot; }, engine, *workers_, *workers_,
                                    [this](const CrlName& name) { return CrlOf(name); }, [] { return Days(0); }});
  http_ = std::make_unique<ScepHttp>(DefaultPaths(), *endpoint_);
}

std::shared_ptr<const std::string> ScepFixture::CrlOf(const CrlName& name) const {
  const auto found = crls.find(name.ca + "/" + std::to_string(name.generation));
  return found == crls.end() ? nullptr : std::make_shared<const std::string>(found->second);
}

scep::Client ScepFixture::Device(scep::Client::Options options) const {
  const pki::Name subject = pki::Name::FromString("CN=device").value();
  return scep::Client::Create(device_key(), subject, RaCertificate(demo_bundle), options).value();
}

pki::Bytes ScepFixture::PkcsReq(scep::Client& client) {
  return client.MakePkcsReq(MakeRequest(device_key(), "CN=device", "secret")).value();
}

pki::Bytes ScepFixture::Certificate() const {
  return demo.Issue({.subject = "CN=device", .key = device_key()}).der();
}

ScepAnswer ScepFixture::Call(ScepCall call) {
  std::promise<ScepAnswer> answer;
  endpoint_->Handle(std::move(call), [&](ScepAnswer given) { answer.set_value(std::move(given)); });
  return answer.get_future().get();
}

ScepAnswer ScepFixture::Operate(pki::Bytes message, std::string profile) {
  ScepCall call;
  call.operation = Operation::kPkiOperation;
  call.profile = std::move(profile);
  call.message = std::move(message);
  call.peer = "192.0.2.1";
  return Call(std::move(call));
}

HttpResponse ScepFixture::Http(std::string method, std::string target, std::string body) {
  std::promise<HttpResponse> response;
  http_->Handle({std::move(method), std::move(target), std::move(body), "192.0.2.1", {}, {}, {}},
                [&](HttpResponse given) { response.set_value(std::move(given)); });
  return response.get_future().get();
}

HttpResponse ScepFixture::HttpFrom(std::string peer, std::string body) {
  std::promise<HttpResponse> response;
  http_->Handle({"POST", "/scep", std::move(body), std::move(peer), {}, {}, {}},
                [&](HttpResponse given) { response.set_value(std::move(given)); });
  return response.get_future().get();
}

}  // namespace gateway
