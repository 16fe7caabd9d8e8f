#include "certifier/v1/crl.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/fields.h"
#include "ctl/terminal_text.h"

namespace ctl {

namespace v1 = certifier::v1;

result::Result<void> Run(Session& session, Output& output, const CrlShow& command) {
  v1::GetCrlRequest request;
  request.set_ca(command.ca);
  ASSIGN_OR_RETURN(const v1::GetCrlResponse response, session.Call(&v1::CrlService::Stub::GetCrl, request));
  const v1::Crl& crl = response.crl();
  if (output.is_json()) {
    output.Json(crl);
    return {};
  }
  output.Values({
      {"CA", crl.ca()},
      {"CRL number", std::to_string(crl.crl_number())},
      {"this update", TimeAndDistance(crl.has_this_update(), crl.this_update(), output.now())},
      {"next update", TimeAndDistance(crl.has_next_update(), crl.next_update(), output.now())},
      {"certificates", std::to_string(crl.revoked_count())},
      {"size", std::to_string(crl.size()) + " octets"},
      {"SHA-256", crl.fingerprints().sha256().grouped()},
  });
  output.Note("\nGateways serve it: curl -O http://GATEWAY:8080/crl/" + TerminalText(crl.ca()) + ".crl");
  return {};
}

}  // namespace ctl
