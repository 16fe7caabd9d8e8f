#ifndef CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_DIALOGUE_H
#define CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_DIALOGUE_H

#include <string>

#include "doctor/transport.h"

namespace doctor {

// Dialogue is all that one examination says to a server, within bounds: a server that hangs, or checks that go wrong,
// end it soon.
class Dialogue {
 public:
  static constexpr int kMaxRequests = 40;
  // So many without an answer in a row, and nothing more is asked.
  static constexpr int kMaxSilences = 3;

  explicit Dialogue(Transport& transport) : transport_(transport) {}

  // Send is Transport::Send; unavailable also past a bound.
  result::Result<Answer> Send(const Call& call);

 private:
  Transport& transport_;
  int requests_ = 0, silences_ = 0;
};

// MediaType is a content type without its parameters, in lower case.
std::string MediaType(std::string_view content_type);
// Describe is an answer in words: "HTTP 200, text/html, 512 octets".
std::string Describe(const Answer& answer);
// LooksLikePage tells whether a body is a web page and not what SCEP knows.
bool LooksLikePage(pki::ByteView body);

}  // namespace doctor

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_DOCTOR_DIALOGUE_H
