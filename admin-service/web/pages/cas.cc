#include "ctl/ca_options.h"
#include "ctl/scep_view.h"
#include "pki/certificate.h"
#include "pki/digest.h"
#include "web/access.h"
#include "web/pages/pages.h"

namespace web {

namespace {

namespace v1 = certifier::v1;

// Where nobody said which domain name the gateways have.
constexpr char kPlaceholder[] = "http://HOST:8080/scep/{ca}";

Model OptionModels(const v1::CaOptions& options) {
  Model models = Model::array();
  for (const auto& [name, text] : ctl::OptionTexts(options)) models.push_back({{"name", name}, {"value", text}});
  return models;
}

Model NotationsOf(const pki::Bytes& digest) {
  const auto notations = pki::NotationsOf(digest);
  return {{"lower", notations.lower},
          {"upper", notations.upper},
          {"grouped", notations.grouped},
          {"colon", notations.colon}};
}

// A certificate above the CA's, of which the engine says no fingerprints.
result::Result<Model> IssuerModel(const std::string& pem) {
  ASSIGN_OR_RETURN(const auto certificate, pki::Certificate::FromPem(pem));
  ASSIGN_OR_RETURN(const auto subject, certificate.subject_name());
  const auto digests = pki::FingerprintsOf(certificate.der());
  return Model{{"title", "Certificate above it"},
               {"subject", subject.ToString()},
               {"fingerprints",
                {{"md5", NotationsOf(digests.md5)},
                 {"sha1", NotationsOf(digests.sha1)},
                 {"sha256", NotationsOf(digests.sha256)}}}};
}

// All that devices get as the CA's certificates (requirements G-11).
result::Result<Model> BundleModels(const v1::Ca& ca) {
  Model models = Model::array();
  models.push_back({{"title", "CA certificate"},
                    {"subject", ca.subject()},
                    {"is_open", true},
                    {"fingerprints", ModelOf(ca.fingerprints())}});
  for (const auto& authority : ca.registration_authorities()) {
    models.push_back({{"title", "RA certificate, " + authority.usage()},
                      {"subject", authority.subject()},
                      {"fingerprints", ModelOf(authority.fingerprints())}});
  }
  for (const std::string& pem : ca.chain_pem()) {
    ASSIGN_OR_RETURN(Model issuer, IssuerModel(pem));
    models.push_back(std::move(issuer));
  }
  return models;
}

struct Client {
  const char* name;
  const char* commands;  // "{url}" and "{ca}" are filled in; DEVICE and KEY are for people to.
};
constexpr Client kClients[] = {
    {"strongSwan",
     "pki --scepca --url {url} --caout ca.der --raout ra.der\n"
     "pki --gen --type rsa --size 2048 --outform pem > device.key\n"
     "pki --scep --url {url} --in device.key --dn \"CN=DEVICE\" --password \"KEY\" \\\n"
     "    --cacert ca.der --cacert-enc ra.der --cacert-sig ra.der --outform pem > device.crt"},
    {"certmonger",
     "getcert add-scep-ca -c {ca} -u {url}\n"
     "getcert request -c {ca} -f /etc/pki/device.crt -k /etc/pki/device.key -N CN=DEVICE -L KEY"},
    {"scepclient (micromdm)",
     "scepclient -server-url {url} -private-key device.key -certificate device.crt -cn DEVICE -challenge KEY"},
    {"sscep",
     "sscep getca -u {url} -c ca.crt -F sha256\n"
     "printf "
     "'[req]\\nprompt=no\\ndistinguished_name=dn\\nattributes=at\\n[dn]\\nCN=DEVICE\\n[at]\\nchallengePassword=KEY\\n' "
     "> device.cnf\n"
     "openssl req -new -newkey rsa:2048 -nodes -config device.cnf -keyout device.key -out device.csr\n"
     "sscep enroll -u {url} -c ca.crt -k device.key -r device.csr -l device.crt"},
    {"Cisco IOS",
     "crypto pki trustpoint {ca}\n enrollment url {url}\n password KEY\n subject-name CN=DEVICE\n"
     " revocation-check none\ncrypto pki authenticate {ca}\ncrypto pki enroll {ca}"},
    {"certifierctl doctor", "certifierctl doctor {url}"},
};

std::string Filled(std::string text, const std::string& mark, const std::string& value) {
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += value.size()) {
    text.replace(at, mark.size(), value);
  }
  return text;
}

Model ClientModels(const v1::Ca& ca, const std::string& url) {
  Model models = Model::array();
  for (const Client& client : kClients) {
    models.push_back({{"name", client.name},
                      {"id", std::to_string(models.size())},
                      {"commands", Filled(Filled(client.commands, "{url}", url), "{ca}", ca.name())}});
  }
  return models;
}

}  // namespace

result::Result<Response> ListCas(Visit& visit) {
  ASSIGN_OR_RETURN(const auto listed, visit.Call(&v1::CaService::Stub::ListCas, v1::ListCasRequest()));
  Model model = ModelOf(listed);
  for (Model& ca : model["cas"]) {
    ca["path"] = "/cas/" + PathSegment(ca["name"].get<std::string>());
    ca["is_disabled"] = ca["status"] == "disabled";
  }
  return ShowPage(visit, "cas", std::move(model), {"CAs", "cas"});
}

result::Result<Response> ShowCa(Visit& visit) {
  v1::GetCaRequest ask;
  ask.set_name(visit.arguments.at(0));
  ASSIGN_OR_RETURN(const auto found, visit.Call(&v1::CaService::Stub::GetCa, ask));
  const v1::Ca& ca = found.ca();
  Model model = ModelOf(ca);
  ASSIGN_OR_RETURN(const auto service, visit.Call(&v1::ScepService::Stub::GetScepService, v1::GetScepServiceRequest()));
  const bool has_url = !service.enrollment_url().empty();
  const std::string url = ctl::UrlFor(has_url ? service.enrollment_url() : kPlaceholder, ca.name());
  model["enrolment_url"] = url;
  model["has_url"] = has_url;
  ASSIGN_OR_RETURN(model["bundle"], BundleModels(ca));
  model["option_list"] = OptionModels(ca.options());
  model["clients"] = ClientModels(ca, url);
  model["is_disabled"] = ca.status() == "disabled";
  v1::GetCrlRequest crl;
  crl.set_ca(ca.name());
  const auto newest = visit.Call(&v1::CrlService::Stub::GetCrl, crl);
  if (newest) {
    model["crl"] = ModelOf(newest->crl());
  } else if (newest.error().reason == result::Reason::kNotFound) {
    model["crl"] = nullptr;
  } else {
    return tl::unexpected(newest.error());
  }
  return ShowPage(visit, "ca", std::move(model), {"CA " + ca.name(), "cas"});
}

}  // namespace web
