#include "openssl_x509.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/conf.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <memory>

namespace testing::reference {

namespace {

using pki::Bytes;
using pki::ByteView;

struct Free {
  void operator()(ASN1_OCTET_STRING* p) const { ASN1_STRING_free(p); }
  void operator()(ASN1_OBJECT* p) const { ASN1_OBJECT_free(p); }
  void operator()(BIGNUM* p) const { BN_free(p); }
  void operator()(BIO* p) const { BIO_free_all(p); }
  void operator()(CONF* p) const { NCONF_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(PKCS8_PRIV_KEY_INFO* p) const { PKCS8_PRIV_KEY_INFO_free(p); }
  void operator()(STACK_OF(X509_EXTENSION) * p) const { sk_X509_EXTENSION_pop_free(p, X509_EXTENSION_free); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(X509_EXTENSION* p) const { X509_EXTENSION_free(p); }
  void operator()(X509_NAME* p) const { X509_NAME_free(p); }
  void operator()(X509_REQ* p) const { X509_REQ_free(p); }
};
template <class T>
using Ptr = std::unique_ptr<T, Free>;

void Check(bool is_done, const char* what) {
  if (!is_done) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

const unsigned char* In(ByteView octets) {
  return reinterpret_cast<const unsigned char*>(octets.data());
}

// Written calls an i2d function.
template <class Encode, class T>
Bytes Written(Encode encode, T* value) {
  const int length = encode(value, nullptr);
  Check(length > 0, "i2d");
  Bytes der(static_cast<std::size_t>(length), '\0');
  auto* cursor = reinterpret_cast<unsigned char*>(der.data());
  encode(value, &cursor);
  return der;
}

// Read calls a d2i function; null unless all of `der` was read.
template <class T, class Decode>
Ptr<T> Read(Decode decode, ByteView der) {
  const unsigned char* cursor = In(der);
  Ptr<T> value(decode(nullptr, &cursor, static_cast<long>(der.size())));
  if (cursor != In(der) + der.size()) value.reset();
  ERR_clear_error();
  return value;
}

Bytes Contents(const ASN1_STRING* text) {
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string Dotted(const ASN1_OBJECT* object) {
  char text[128];
  Check(OBJ_obj2txt(text, sizeof text, object, 1) > 0, "OBJ_obj2txt");
  return text;
}

Ptr<X509_EXTENSION> ExtensionFor(const std::string& name, const std::string& value, const std::string& sections = "") {
  const Ptr<BIO> text(BIO_new_mem_buf(sections.data(), static_cast<int>(sections.size())));
  const Ptr<CONF> configuration(NCONF_new(nullptr));
  Check(sections.empty() || NCONF_load_bio(configuration.get(), text.get(), nullptr) == 1, "NCONF_load_bio");
  X509V3_CTX context;
  X509V3_set_ctx(&context, nullptr, nullptr, nullptr, nullptr, 0);
  X509V3_set_nconf(&context, configuration.get());
  Ptr<X509_EXTENSION> extension(X509V3_EXT_nconf(configuration.get(), &context, name.c_str(), value.c_str()));
  Check(extension != nullptr, "X509V3_EXT_nconf");
  return extension;
}

Ptr<EVP_PKEY> EvpKey(const pki::PrivateKey& key) {
  const auto pkcs8 = Must(key.ToPkcs8());
  const auto info = Read<PKCS8_PRIV_KEY_INFO>(d2i_PKCS8_PRIV_KEY_INFO, pkcs8.Reveal());
  Check(info != nullptr, "PKCS#8");
  return Ptr<EVP_PKEY>(EVP_PKCS82PKEY(info.get()));
}

}  // namespace

Bytes OctetString(ByteView contents) {
  const Ptr<ASN1_OCTET_STRING> text(ASN1_OCTET_STRING_new());
  Check(ASN1_OCTET_STRING_set(text.get(), In(contents), static_cast<int>(contents.size())) == 1, "octet string");
  return Written(i2d_ASN1_OCTET_STRING, text.get());
}

Bytes Integer(ByteView magnitude) {
  const Ptr<BIGNUM> number(BN_bin2bn(In(magnitude), static_cast<int>(magnitude.size()), nullptr));
  const Ptr<ASN1_INTEGER> integer(BN_to_ASN1_INTEGER(number.get(), nullptr));
  return Written(i2d_ASN1_INTEGER, integer.get());
}

Bytes Time(std::time_t time) {
  const Ptr<ASN1_TIME> value(ASN1_TIME_set(nullptr, time));
  Check(value != nullptr, "time");
  return Written(i2d_ASN1_TIME, value.get());
}

Bytes ObjectIdentifier(const std::string& dotted) {
  const Ptr<ASN1_OBJECT> object(OBJ_txt2obj(dotted.c_str(), 1));
  Check(object != nullptr, "object identifier");
  return Written(i2d_ASN1_OBJECT, object.get());
}

Bytes Name(const std::vector<std::pair<std::string, std::string>>& attributes) {
  const Ptr<X509_NAME> name(X509_NAME_new());
  for (const auto& [type, value] : attributes) {
    Check(X509_NAME_add_entry_by_txt(name.get(), type.c_str(), V_ASN1_UTF8STRING, In(value),
                                     static_cast<int>(value.size()), -1, 0) == 1,
          "name");
  }
  return Written(i2d_X509_NAME, name.get());
}

std::string NameText(ByteView name) {
  const auto read = Read<X509_NAME>(d2i_X509_NAME, name);
  Check(read != nullptr, "name");
  const Ptr<BIO> bio(BIO_new(BIO_s_mem()));
  const auto flags = (XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB)) | ASN1_STRFLGS_UTF8_CONVERT;
  Check(X509_NAME_print_ex(bio.get(), read.get(), 0, flags) >= 0, "X509_NAME_print_ex");
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

Bytes ExtensionValue(const std::string& name, const std::string& value, const std::string& sections) {
  return Contents(X509_EXTENSION_get_data(ExtensionFor(name, value, sections).get()));
}

Bytes Pkcs8(const std::string& kind) {
  const bool is_rsa = kind.starts_with("rsa-");
  const Ptr<EVP_PKEY> key(is_rsa              ? EVP_RSA_gen(static_cast<unsigned>(std::stoul(kind.substr(4))))
                          : kind == "ED25519" ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                                              : EVP_EC_gen(kind.c_str()));
  Check(key != nullptr, "key");
  const Ptr<PKCS8_PRIV_KEY_INFO> info(EVP_PKEY2PKCS8(key.get()));
  return Written(i2d_PKCS8_PRIV_KEY_INFO, info.get());
}

Bytes Request(const pki::PrivateKey& key, const RequestOptions& options) {
  const auto evp = EvpKey(key);
  const Ptr<X509_REQ> request(X509_REQ_new());
  const auto subject = Read<X509_NAME>(d2i_X509_NAME, CommonName("device"));
  Check(X509_REQ_set_subject_name(request.get(), subject.get()) == 1, "subject");
  Check(X509_REQ_set_pubkey(request.get(), evp.get()) == 1, "key");
  if (!options.challenge.empty()) {
    Check(X509_REQ_add1_attr_by_NID(request.get(), NID_pkcs9_challengePassword, options.challenge_type,
                                    In(options.challenge), static_cast<int>(options.challenge.size())) == 1,
          "challenge");
  }
  if (!options.alternative_names.empty()) {
    const Ptr<STACK_OF(X509_EXTENSION)> extensions(sk_X509_EXTENSION_new_null());
    sk_X509_EXTENSION_push(extensions.get(), ExtensionFor("subjectAltName", options.alternative_names).release());
    Check(X509_REQ_add_extensions(request.get(), extensions.get()) == 1, "extensions");
  }
  Check(X509_REQ_sign(request.get(), evp.get(), EVP_sha256()) > 0, "sign");
  return Written(i2d_X509_REQ, request.get());
}

bool VerifiesRequest(ByteView request) {
  const auto read = Read<X509_REQ>(d2i_X509_REQ, request);
  const bool is_verified = read && X509_REQ_verify(read.get(), X509_REQ_get0_pubkey(read.get())) == 1;
  ERR_clear_error();
  return is_verified;
}

std::optional<CertificateFacts> ReadCertificate(ByteView certificate) {
  const auto read = Read<X509>(d2i_X509, certificate);
  if (!read) return std::nullopt;
  CertificateFacts facts;
  facts.version = X509_get_version(read.get());
  const ASN1_INTEGER* serial = X509_get0_serialNumber(read.get());
  facts.is_serial_negative = ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER;
  facts.serial_number = Contents(serial);
  facts.key_identifier = Contents(X509_get0_subject_key_id(read.get()));
  facts.authority_key_identifier = Contents(X509_get0_authority_key_id(read.get()));
  facts.key_usage = X509_get_key_usage(read.get());
  facts.is_ca = X509_check_ca(read.get()) == 1;
  facts.is_signed_by_itself = X509_verify(read.get(), X509_get0_pubkey(read.get())) == 1;
  for (int i = 0; i < X509_get_ext_count(read.get()); i++) {
    X509_EXTENSION* extension = X509_get_ext(read.get(), i);
    if (X509_EXTENSION_get_critical(extension) == 1) {
      facts.critical.push_back(Dotted(X509_EXTENSION_get_object(extension)));
    }
  }
  ERR_clear_error();
  return facts;
}

bool IsSignedBy(ByteView certificate, ByteView issuer) {
  const auto read = Read<X509>(d2i_X509, certificate);
  const auto signer = Read<X509>(d2i_X509, issuer);
  const bool is_signed = read && signer && X509_verify(read.get(), X509_get0_pubkey(signer.get())) == 1;
  ERR_clear_error();
  return is_signed;
}

}  // namespace testing::reference
