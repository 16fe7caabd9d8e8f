#include "web/pages/live.h"

#include "pki/bytes.h"
#include "pki/digest.h"

namespace web {

namespace {

constexpr std::size_t kOctets = 16;

}  // namespace

std::string DigestOf(const google::protobuf::Message& message) {
  const pki::Bytes octets = message.SerializeAsString();
  return pki::HexLower(pki::Digest(pki::DigestAlgorithm::kSha256, octets).substr(0, kOctets));
}

Model LiveModel(const std::string& page, const std::string& events, const google::protobuf::Message& shown) {
  return {{"page", page}, {"events", events}, {"digest", DigestOf(shown)}};
}

std::string Event(const std::string& digest) {
  return "data: " + digest + "\n\n";
}

}  // namespace web
