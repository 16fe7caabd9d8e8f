#ifndef CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_DOCTOR_H
#define CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_DOCTOR_H

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "doctor/report.h"
#include "doctor/transport.h"
#include "pki/certificate.h"
#include "pki/key.h"
#include "pki/name.h"
#include "pki/secret.h"

namespace doctor {

// Settings are what an examination starts from.
struct Settings {
  std::string ca;         // Sent as `message` of GetCACaps, GetCACert and GetNextCACert; empty: none is.
  pki::Name subject;      // Of every request.
  pki::Secret challenge;  // Good for a certificate; empty: none is asked for.
  // A digest that one of the CA's certificates must have; the challenge is not sent otherwise.
  std::optional<pki::Bytes> fingerprint;
  std::function<pki::TimePoint()> now;
  std::function<void(const Finding&)> heard = {};  // Told of each finding as it is made; may be nothing.
  // Makes the key of one device, of "rsa-2048"; no two alike.
  std::function<result::Result<std::shared_ptr<const pki::PrivateKey>>()> make_key;
};

// Examine asks a SCEP server what its clients ask, and also what it must refuse, and judges the answers by RFC 8894 and
// by what clients in the field take. It ends whatever the server does. Without a challenge it may leave a request that
// waits for approval; with one it leaves a certificate or two.
// Internal: a key or a message could not be made here; the server is not to blame.
result::Result<Report> Examine(Transport& transport, const Settings& settings);

}  // namespace doctor

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_DOCTOR_H
