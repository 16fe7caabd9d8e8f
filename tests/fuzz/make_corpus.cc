// make_corpus DIRECTORY: writes the seeds of each target. Sound messages and odd ones that real clients send; libFuzzer
// finds the rest. The same seeds come out but for keys, nonces and signatures.

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "../unit/pki/identity.h"
#include "../unit/scep/message_builder.h"
#include "fixed.h"
#include "pki/certificate_request.h"
#include "pki/content_cipher.h"
#include "pki/der.h"

namespace {

namespace der = pki::der;
namespace fs = std::filesystem;
using pki::Bytes;
using pki::ByteView;
using testing::Must;

// EnvelopeOf is opened by fuzz::FixedKey.
Bytes EnvelopeOf(ByteView content, pki::ContentCipher cipher, const char* oid) {
  const Bytes iv(pki::BlockLength(cipher), 'i');
  const Bytes encrypted =
      Must(pki::EncryptCbc(cipher, fuzz::FixedKey::ContentKey(pki::ContentKeyLength(cipher)), iv, content));
  const Bytes version = der::EncodeUnsigned("");
  const Bytes recipient =
      der::Encode(der::kSequence, {version, fuzz::FixedCertificate().issuer_and_serial_number(),
                                   testing::AlgorithmIdentifier("1.2.840.113549.1.1.1", ByteView("\x05\x00", 2)),
                                   der::Encode(der::kOctetString, Bytes(256, 'e'))});
  const Bytes algorithm = testing::AlgorithmIdentifier(oid, der::Encode(der::kOctetString, iv));
  const Bytes content_info = der::Encode(der::kSequence, {Must(der::EncodeOid("1.2.840.113549.1.7.1")), algorithm,
                                                          der::Encode(der::Context(0, false), encrypted)});
  const Bytes enveloped = der::Encode(der::kSequence, {version, der::Encode(der::kSet, recipient), content_info});
  return der::Encode(der::kSequence,
                     {Must(der::EncodeOid("1.2.840.113549.1.7.3")), der::Encode(der::Context(0, true), enveloped)});
}

class Corpus {
 public:
  explicit Corpus(fs::path root) : root_(std::move(root)) {}
  void Add(const std::string& target, const std::string& name, ByteView octets) const {
    fs::create_directories(root_ / target);
    std::ofstream(root_ / target / name, std::ios::binary) << octets;
  }

 private:
  const fs::path root_;
};

void AddMessages(const Corpus& corpus, const testing::Identity& device, ByteView request) {
  const Bytes aes = EnvelopeOf(request, pki::ContentCipher::kAes128Cbc, "2.16.840.1.101.3.4.1.2");
  const Bytes des3 = EnvelopeOf(request, pki::ContentCipher::kDes3Cbc, "1.2.840.113549.3.7");
  const Bytes wanted = der::Encode(der::kSequence, {testing::CommonName("demo"), der::EncodeUnsigned("\x2a")});
  const Bytes get_cert = EnvelopeOf(wanted, pki::ContentCipher::kAes256Cbc, "2.16.840.1.101.3.4.1.42");
  corpus.Add("envelope", "aes", aes);
  corpus.Add("envelope", "des3", des3);
  corpus.Add("envelope", "get_cert", get_cert);
  corpus.Add("issuer_and_serial_number", "known", wanted);
  corpus.Add("issuer_and_serial_number", "negative",
             der::Encode(der::kSequence, {testing::CommonName("ra"), der::Encode(der::kInteger, "\xff")}));
  corpus.Add("issuer_and_serial_number", "empty", der::Encode(der::kSequence, ""));
  const auto message = [&](const Bytes& envelope) {
    testing::Message built(envelope);
    built.SignedBy(device);
    return built;
  };
  const std::vector<std::pair<std::string, Bytes>> messages = {
      {"pkcs_req", message(aes).Build()},
      {"renewal_req", message(des3).WithType("17").Build()},
      {"cert_poll", message(aes).WithType("20").Build()},
      {"get_cert", message(get_cert).WithType("21").Build()},
      {"sha1", message(aes).WithDigest(pki::DigestAlgorithm::kSha1).Build()},
      {"unsorted", message(aes).InOrder().Build()},
      {"text_types", message(aes).WithType("19", der::kUtf8String).WithTransactionId("x", der::kIa5String).Build()},
      {"no_certificate", message(aes).WithoutCertificate().Build()},
      {"unknown_attribute", message(aes).With("1.2.3.4", {der::EncodeUnsigned("\x01")}).Build()}};
  for (const auto& [name, octets] : messages) {
    corpus.Add("message", name, octets);
    corpus.Add("signed_data", name, octets);
  }
}

Bytes Attribute(std::string_view oid, const Bytes& value) {
  return der::Encode(der::kSequence, {Must(der::EncodeOid(oid)), der::Encode(der::kSet, value)});
}

void AddAttributes(const Corpus& corpus) {
  const Bytes id = Attribute("2.16.840.1.113733.1.9.7", der::Encode(der::kPrintableString, ByteView("AbC+/=")));
  const Bytes type = Attribute("2.16.840.1.113733.1.9.2", der::Encode(der::kPrintableString, ByteView("19")));
  const Bytes nonce = Attribute("2.16.840.1.113733.1.9.5", der::Encode(der::kOctetString, Bytes(16, 'n')));
  corpus.Add("attributes", "sound", id + type + nonce);
  corpus.Add("attributes", "twice", id + id);
  corpus.Add("attributes", "utf8",
             Attribute("2.16.840.1.113733.1.9.7", der::Encode(der::kUtf8String, Bytes(255, 'u'))));
}

void AddText(const Corpus& corpus) {
  corpus.Add("query", "caps", "/scep/demo/pkiclient.exe?operation=GetCACaps&message=CAIdentifier");
  corpus.Add("query", "escaped", "/scep?operation=PKIOperation&message=MIAGCSqGSIb3DQEHAqCAMIACAQE%2BAA%3D%3D&x=y");
  corpus.Add("query", "twice", "/cgi-bin/pkiclient.exe?operation=pkioperation&message=MAMCAQ%252B%0A");
  corpus.Add("query", "base64", "MAMCAQE=\r\nMAMCAQE");
  corpus.Add("http", "get", "\x10GET /scep/?operation=GetCACaps HTTP/1.0\r\n\r\n");
  corpus.Add("http", "post",
             "\x50POST /scep/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\n");
  corpus.Add(
      "http", "chunked",
      "\x30POST /scep HTTP/1.1\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
}

void AddNotes(const Corpus& corpus) {
  const Bytes words =
      "If you think cryptography is the answer to your problem,\n"
      "then you don't know what your problem is.\n\n"
      "— PeterNeumann "
      "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
  const Bytes checkpoint =
      "example.com/behind-the-sofa\n"
      "20852163\n"
      "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  corpus.Add("note", "published", words);
  corpus.Add("note", "two_signatures", words + "— witness.example/\xc3\xa9 AAAAAAE=\n");
  corpus.Add("note", "empty_lines", "a\n\n— b AAAAAAE=\n\n\n— c AAAAAAE=\n");
  corpus.Add("note", "verifier_key", "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  corpus.Add("checkpoint", "published", checkpoint);
  corpus.Add("checkpoint", "extensions", checkpoint + "one\n two \n");
  corpus.Add("checkpoint", "empty_tree", "log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
}

void AddCertificates(const Corpus& corpus, const testing::Identity& device) {
  corpus.Add("certificate", "self_signed", device.certificate.der());
  corpus.Add("certificate", "fixed", fuzz::FixedCertificate().der());
  const auto odd = testing::MakeIdentity(
      testing::Key("odd", "ecdsa-p256"),
      {.serial_number = Bytes(32, '\xf0'), .not_after = "010101000000Z", .key_identifier = "identifier"});
  corpus.Add("certificate", "odd", odd.certificate.der());
  corpus.Add("certification_request", "ec", testing::CertificationRequest(*odd.key));
}

Bytes FullRequest(const pki::PrivateKey& key) {
  pki::CertificateRequestTemplate wish;
  wish.subject = Must(pki::Name::FromString("CN=device+serialNumber=7,O=Example,C=FI"));
  wish.challenge = "a challenge";
  for (const char* name : {"dns:a.example", "ip:192.0.2.1", "email:a@b.example"}) {
    wish.alternative_names.push_back(Must(pki::ParseGeneralName(name)));
  }
  return Must(pki::SignCertificateRequest(wish, key, pki::DigestAlgorithm::kSha256));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: make_corpus DIRECTORY\n", stderr);
    return 2;
  }
  const Corpus corpus(argv[1]);
  const testing::Identity device = testing::MakeIdentity(testing::Key("device"));
  const Bytes request = FullRequest(*device.key);
  corpus.Add("certification_request", "full", request);
  corpus.Add("certification_request", "small", testing::CertificationRequest(*device.key));
  AddMessages(corpus, device, request);
  AddAttributes(corpus);
  AddText(corpus);
  AddNotes(corpus);
  AddCertificates(corpus, device);
  return 0;
}
