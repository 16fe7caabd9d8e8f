#include "rpc/fingerprint.h"

namespace engine::rpc {

namespace {

void Fill(pki::ByteView digest, certifier::v1::Fingerprint& fingerprint) {
  auto notations = pki::NotationsOf(digest);
  fingerprint.set_lower(std::move(notations.lower));
  fingerprint.set_upper(std::move(notations.upper));
  fingerprint.set_grouped(std::move(notations.grouped));
  fingerprint.set_colon(std::move(notations.colon));
}

}  // namespace

certifier::v1::Fingerprints ToProto(const pki::Fingerprints& fingerprints) {
  certifier::v1::Fingerprints proto;
  Fill(fingerprints.md5, *proto.mutable_md5());
  Fill(fingerprints.sha1, *proto.mutable_sha1());
  Fill(fingerprints.sha256, *proto.mutable_sha256());
  return proto;
}

}  // namespace engine::rpc
