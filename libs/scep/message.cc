#include "scep/message.h"

namespace scep {

std::string_view ToString(MessageType type) {
  switch (type) {
    case MessageType::kCertRep:
      return "CertRep";
    case MessageType::kRenewalReq:
      return "RenewalReq";
    case MessageType::kPkcsReq:
      return "PKCSReq";
    case MessageType::kCertPoll:
      return "CertPoll";
    case MessageType::kGetCert:
      return "GetCert";
    case MessageType::kGetCrl:
      return "GetCRL";
  }
  return "unknown";
}

std::string_view ToString(FailInfo fail_info) {
  switch (fail_info) {
    case FailInfo::kBadAlg:
      return "badAlg";
    case FailInfo::kBadMessageCheck:
      return "badMessageCheck";
    case FailInfo::kBadRequest:
      return "badRequest";
    case FailInfo::kBadTime:
      return "badTime";
    case FailInfo::kBadCertId:
      return "badCertId";
  }
  return "unknown";
}

std::string PrintableTransactionId(const TransactionId& id) {
  std::string text;
  for (const char c : id.octets()) {
    if (c >= 0x20 && c < 0x7f && c != '\\') {
      text += c;
    } else {
      text += "\\x" + pki::HexLower(pki::ByteView(&c, 1));
    }
  }
  return text;
}

}  // namespace scep
