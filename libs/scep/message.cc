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

result::Result<IssuerAndSerialNumber> ParseIssuerAndSerialNumber(pki::ByteView der) {
  ASSIGN_OR_RETURN(const pki::der::Tlv sequence, pki::der::ReadOnly(der, pki::der::kSequence));
  pki::der::Reader reader(sequence.value);
  ASSIGN_OR_RETURN(const pki::der::Tlv issuer, reader.Next(pki::der::kSequence));
  ASSIGN_OR_RETURN(const pki::der::Tlv serial_number, reader.Next(pki::der::kInteger));
  RETURN_IF_ERROR(reader.Finish());
  return IssuerAndSerialNumber{pki::Bytes(issuer.encoding), pki::Bytes(serial_number.value)};
}

}  // namespace scep
