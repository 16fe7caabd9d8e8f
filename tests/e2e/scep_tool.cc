// scep_tool: a device for the end-to-end tests. It makes and reads SCEP messages in files; the test moves the octets,
// so that it can send one message fifty times, keep it until tomorrow, or show it to another gateway.
//
//   scep_tool RA.pem KEY.pem SUBJECT
//
// Commands come on standard input, one a line; each is answered by one line of JSON on standard output:
//   request OUT [CHALLENGE_FILE]   a PKCSReq
//   transaction ID                 what the next messages say as their transactionID
//   poll OUT                       a CertPoll
//   read FILE CERTIFICATE_OUT      what a CertRep says; the certificate, if there is one, goes to CERTIFICATE_OUT

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "scep/client.h"

namespace {

using nlohmann::json;

result::Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  if (!file) return result::Fail(result::Reason::kNotFound, path);
  return content.str();
}

result::Result<void> WriteFile(const std::string& path, std::string_view content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (!file) return result::Fail(result::Reason::kInternal, "cannot write " + path);
  return {};
}

std::string_view ToString(scep::PkiStatus status) {
  switch (status) {
    case scep::PkiStatus::kSuccess:
      return "success";
    case scep::PkiStatus::kFailure:
      return "failure";
    case scep::PkiStatus::kPending:
      return "pending";
  }
  return "";
}

struct Device {
  std::shared_ptr<const pki::PrivateKey> key;
  pki::Name subject;
  pki::Name ca_subject;
  scep::Client client;
};

result::Result<Device> MakeDevice(const std::string& ra_file, const std::string& key_file, const std::string& dn) {
  ASSIGN_OR_RETURN(const auto ra_pem, ReadFile(ra_file));
  ASSIGN_OR_RETURN(auto ra, pki::Certificate::FromPem(ra_pem));
  ASSIGN_OR_RETURN(const auto key_pem, ReadFile(key_file));
  ASSIGN_OR_RETURN(std::shared_ptr<const pki::PrivateKey> key, pki::PrivateKey::FromPem(key_pem));
  ASSIGN_OR_RETURN(auto subject, pki::Name::FromString(dn));
  ASSIGN_OR_RETURN(auto ca_subject, pki::Name::Parse(ra.issuer()));
  ASSIGN_OR_RETURN(auto client, scep::Client::Create(key, subject, std::move(ra)));
  return Device{std::move(key), std::move(subject), std::move(ca_subject), std::move(client)};
}

// MakeRequest makes a PKCSReq. One device's PKCS#10 is always the same, octet for octet, unless `alternative_name`
// ("dns:a.example", or empty) tells two apart. A challenge file "-" is none.
result::Result<json> MakeRequest(Device& device, const std::string& out, const std::string& challenge_file,
                                 const std::string& alternative_name) {
  std::string challenge;
  if (!challenge_file.empty() && challenge_file != "-") {
    ASSIGN_OR_RETURN(challenge, ReadFile(challenge_file));
    if (challenge.ends_with('\n')) challenge.pop_back();
  }
  pki::CertificateRequestTemplate wanted{device.subject, challenge, {}};
  if (!alternative_name.empty()) {
    ASSIGN_OR_RETURN(wanted.alternative_names.emplace_back(), pki::ParseGeneralName(alternative_name));
  }
  ASSIGN_OR_RETURN(const auto csr, pki::SignCertificateRequest(wanted, *device.key, pki::DigestAlgorithm::kSha256));
  ASSIGN_OR_RETURN(const auto message, device.client.MakePkcsReq(csr));
  RETURN_IF_ERROR(WriteFile(out, message));
  return json{{"transaction_id", device.client.transaction_id().octets()}};
}

result::Result<json> MakePoll(Device& device, const std::string& out) {
  ASSIGN_OR_RETURN(const auto message, device.client.MakeCertPoll(device.ca_subject));
  RETURN_IF_ERROR(WriteFile(out, message));
  return json{{"transaction_id", device.client.transaction_id().octets()}};
}

result::Result<json> ReadReply(const Device& device, const std::string& file, const std::string& certificate_out) {
  ASSIGN_OR_RETURN(const auto message, ReadFile(file));
  ASSIGN_OR_RETURN(const auto reply, device.client.ReadReply(message));
  json answer{{"status", ToString(reply.status)}};
  if (reply.fail_info) answer["fail_info"] = scep::ToString(*reply.fail_info);
  if (!reply.certificates.empty()) {
    answer["serial_number"] = pki::HexLower(reply.certificates.front().serial_number());
    RETURN_IF_ERROR(WriteFile(certificate_out, reply.certificates.front().ToPem()));
  }
  return answer;
}

result::Result<json> Obey(Device& device, const std::string& line) {
  std::istringstream words(line);
  std::string command, first, second, third;
  words >> command >> first >> second >> third;
  if (command == "request") return MakeRequest(device, first, second, third);
  if (command == "transaction") {
    device.client.set_transaction_id(scep::TransactionId(first));
    return json{{"transaction_id", first}};
  }
  if (command == "poll") return MakePoll(device, first);
  if (command == "read") return ReadReply(device, first, second);
  return result::Fail(result::Reason::kMalformed, "unknown command " + command);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: scep_tool RA.pem KEY.pem SUBJECT\n";
    return 2;
  }
  auto device = MakeDevice(argv[1], argv[2], argv[3]);
  if (!device.has_value()) {
    std::cerr << "scep_tool: " << device.error().detail << '\n';
    return 1;
  }
  for (std::string line; std::getline(std::cin, line);) {
    const auto answer = Obey(*device, line);
    std::cout << (answer.has_value() ? *answer : json{{"error", answer.error().detail}}).dump() << std::endl;
  }
  return 0;
}
