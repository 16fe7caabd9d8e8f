#include "pki/certificate_request.h"

#include <algorithm>

#include "pki/der.h"

namespace pki {

namespace {

using result::Fail;
using result::Reason;

constexpr std::size_t kMaxOctets = 64 * 1024;
constexpr std::size_t kMaxAttributes = 64;
constexpr std::size_t kMaxExtensions = 64;  // Of one kind of attribute, all together.
constexpr std::size_t kMaxChallenge = 255;
constexpr std::string_view kChallengePassword = "1.2.840.113549.1.9.7", kExtensionRequest = "1.2.840.113549.1.9.14",
                           kMicrosoftExtensions = "1.3.6.1.4.1.311.2.1.14",
                           kLegacyExtensionRequest = "2.16.840.1.113733.1.9.8";

// Outline is a CertificationRequest taken apart, nothing of it checked.
struct Outline {
  der::Tlv info;
  der::Tlv algorithm;
  ByteView signature;
};

result::Result<Outline> ReadOutline(ByteView der) {
  ASSIGN_OR_RETURN(const der::Tlv request, der::ReadOnly(der, der::kSequence));
  der::Reader reader(request.value);
  Outline outline;
  ASSIGN_OR_RETURN(outline.info, reader.Next(der::kSequence));
  ASSIGN_OR_RETURN(outline.algorithm, reader.Next(der::kSequence));
  ASSIGN_OR_RETURN(const der::Tlv signature, reader.Next(der::kBitString));
  RETURN_IF_ERROR(reader.Finish());
  if (signature.value.size() < 2 || signature.value[0] != 0) {
    return Fail(Reason::kMalformed, "a signature with unused bits");
  }
  outline.signature = signature.value.substr(1);
  return outline;
}

// Attributes are what the attributes of a PKCS#10 hold for us.
struct Attributes {
  Secret challenge;
  std::size_t challenges = 0;
  std::vector<Extension> extensions;         // PKCS#9.
  std::vector<Extension> vendor_extensions;  // Microsoft's and the older one.
};

result::Result<void> ReadChallenge(ByteView values, Attributes& attributes) {
  der::Reader reader(values);
  while (!reader.empty()) {
    ASSIGN_OR_RETURN(const der::Tlv value, reader.Next());
    if (++attributes.challenges > 1) return Fail(Reason::kMalformed, "more than one challengePassword");
    ASSIGN_OR_RETURN(Bytes challenge, DirectoryStringToUtf8(value.tag, value.value));
    attributes.challenge = Secret(challenge);
    Wipe(challenge);
    if (attributes.challenge.Reveal().size() > kMaxChallenge) {
      return Fail(Reason::kMalformed, "a challengePassword too long");
    }
  }
  return {};
}

result::Result<void> ReadExtensionRequest(ByteView values, std::vector<Extension>& extensions) {
  der::Reader reader(values);
  while (!reader.empty()) {
    ASSIGN_OR_RETURN(const der::Tlv value, reader.Next(der::kSequence));
    ASSIGN_OR_RETURN(auto more, ParseExtensions(value.encoding));
    if (extensions.size() + more.size() > kMaxExtensions) return Fail(Reason::kMalformed, "too many extensions");
    std::move(more.begin(), more.end(), std::back_inserter(extensions));
  }
  return {};
}

result::Result<Attributes> ReadAttributes(ByteView contents) {
  Attributes attributes;
  std::size_t count = 0;
  for (der::Reader reader(contents); !reader.empty();) {
    if (++count > kMaxAttributes) return Fail(Reason::kMalformed, "too many attributes");
    ASSIGN_OR_RETURN(const der::Tlv attribute, reader.Next(der::kSequence));
    der::Reader parts(attribute.value);
    ASSIGN_OR_RETURN(const der::Tlv oid, parts.Next(der::kObjectIdentifier));
    ASSIGN_OR_RETURN(const der::Tlv values, parts.Next(der::kSet));
    const std::string type = der::OidToString(oid.value);
    if (type == kChallengePassword) RETURN_IF_ERROR(ReadChallenge(values.value, attributes));
    if (type == kExtensionRequest) RETURN_IF_ERROR(ReadExtensionRequest(values.value, attributes.extensions));
    if (type == kMicrosoftExtensions || type == kLegacyExtensionRequest) {
      RETURN_IF_ERROR(ReadExtensionRequest(values.value, attributes.vendor_extensions));
    }
  }
  return attributes;
}

// Adds what the vendors' attributes ask for and PKCS#9's does not.
std::vector<Extension> Merged(Attributes& attributes) {
  std::vector<Extension> merged;
  for (auto* const source : {&attributes.extensions, &attributes.vendor_extensions}) {
    for (Extension& extension : *source) {
      const bool is_known =
          std::any_of(merged.begin(), merged.end(), [&](const Extension& other) { return other.oid == extension.oid; });
      if (!is_known) merged.push_back(std::move(extension));
    }
  }
  return merged;
}

}  // namespace

result::Result<CertificateRequest> CertificateRequest::Parse(ByteView der) {
  if (der.size() > kMaxOctets) return Fail(Reason::kMalformed, "a PKCS#10 too long");
  ASSIGN_OR_RETURN(const Outline outline, ReadOutline(der));
  der::Reader reader(outline.info.value);
  RETURN_IF_ERROR(reader.Next(der::kInteger));
  ASSIGN_OR_RETURN(const der::Tlv subject, reader.Next(der::kSequence));
  ASSIGN_OR_RETURN(const der::Tlv spki, reader.Next(der::kSequence));
  ASSIGN_OR_RETURN(const auto attributes_set, reader.NextIf(der::Context(0, true)));
  RETURN_IF_ERROR(reader.Finish());

  ASSIGN_OR_RETURN(PublicKey key, PublicKey::FromSpki(spki.encoding));
  ASSIGN_OR_RETURN(const SignatureAlgorithm algorithm, ParseSignatureAlgorithm(outline.algorithm.encoding));
  RETURN_IF_ERROR(key.Verify(algorithm, outline.info.encoding, outline.signature));

  CertificateRequest request{Bytes(der), std::move(key)};
  request.info_offset_ = static_cast<std::size_t>(outline.info.encoding.data() - der.data());
  request.info_length_ = outline.info.encoding.size();
  ASSIGN_OR_RETURN(request.subject_, Name::Parse(subject.encoding));
  ASSIGN_OR_RETURN(Attributes attributes, ReadAttributes(attributes_set ? attributes_set->value : ByteView()));
  request.challenge_ = std::move(attributes.challenge);
  request.extensions_ = Merged(attributes);
  for (const Extension& extension : request.extensions_) {
    if (extension.oid != kSubjectAlternativeNameOid) continue;
    ASSIGN_OR_RETURN(request.alternative_names_, ParseGeneralNames(extension.value));
  }
  return request;
}

bool LooksLikeCertificateRequest(ByteView der) {
  const auto outline = ReadOutline(der);
  if (!outline) return false;
  der::Reader reader(outline->info.value);
  return reader.Next(der::kInteger) && reader.Next(der::kSequence) && reader.Next(der::kSequence);
}

}  // namespace pki
