#include "openssl_cms.h"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace testing::reference {

namespace {

using pki::Bytes;
using pki::ByteView;

struct Free {
  void operator()(BIO* p) const { BIO_free_all(p); }
  void operator()(CMS_ContentInfo* p) const { CMS_ContentInfo_free(p); }
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
  void operator()(EVP_CIPHER* p) const { EVP_CIPHER_free(p); }
  void operator()(EVP_CIPHER_CTX* p) const { EVP_CIPHER_CTX_free(p); }
  void operator()(EVP_MD* p) const { EVP_MD_free(p); }
  void operator()(X509* p) const { X509_free(p); }
  void operator()(ASN1_OBJECT* p) const { ASN1_OBJECT_free(p); }
};
template <class T>
using Ptr = std::unique_ptr<T, Free>;

void Check(bool done, const char* what) {
  if (done) return;
  ERR_print_errors_fp(stderr);
  throw std::runtime_error(what);
}

// OpenSSL 3 keeps DES in its legacy provider. Unloaded at exit, or the leak checker sees what they hold.
class Providers {
 public:
  Providers() : default_(OSSL_PROVIDER_load(nullptr, "default")), legacy_(OSSL_PROVIDER_load(nullptr, "legacy")) {
    Check(default_ != nullptr && legacy_ != nullptr, "OpenSSL's providers");
  }
  Providers(const Providers&) = delete;
  Providers& operator=(const Providers&) = delete;
  ~Providers() {
    OSSL_PROVIDER_unload(legacy_);
    OSSL_PROVIDER_unload(default_);
  }

 private:
  OSSL_PROVIDER* default_;
  OSSL_PROVIDER* legacy_;
};

void LoadProviders() {
  static const Providers providers;
}

const unsigned char* Octets(ByteView octets) {
  return reinterpret_cast<const unsigned char*>(octets.data());
}

Ptr<BIO> Input(ByteView octets) {
  return Ptr<BIO>(BIO_new_mem_buf(octets.data(), static_cast<int>(octets.size())));
}

Bytes Contents(BIO* bio) {
  char* data = nullptr;
  const auto length = BIO_get_mem_data(bio, &data);
  return Bytes(data, static_cast<std::size_t>(length));
}

Ptr<X509> ToX509(const pki::Certificate& certificate) {
  const unsigned char* cursor = Octets(certificate.der());
  return Ptr<X509>(d2i_X509(nullptr, &cursor, static_cast<long>(certificate.der().size())));
}

Ptr<EVP_PKEY> ToKey(const pki::PrivateKey& key) {
  const pki::Secret pkcs8 = Must(key.ToPkcs8());
  const unsigned char* cursor = Octets(pkcs8.Reveal());
  return Ptr<EVP_PKEY>(d2i_AutoPrivateKey(nullptr, &cursor, static_cast<long>(pkcs8.Reveal().size())));
}

Ptr<CMS_ContentInfo> Parse(ByteView message) {
  const unsigned char* cursor = Octets(message);
  return Ptr<CMS_ContentInfo>(d2i_CMS_ContentInfo(nullptr, &cursor, static_cast<long>(message.size())));
}

Bytes Write(CMS_ContentInfo* cms, BIO* content, bool streamed) {
  const Ptr<BIO> out(BIO_new(BIO_s_mem()));
  if (streamed) {
    Check(i2d_CMS_bio_stream(out.get(), cms, content, CMS_STREAM | CMS_BINARY) == 1, "i2d_CMS_bio_stream");
  } else {
    Check(CMS_final(cms, content, nullptr, CMS_BINARY) == 1, "CMS_final");
    Check(i2d_CMS_bio(out.get(), cms) == 1, "i2d_CMS_bio");
  }
  return Contents(out.get());
}

}  // namespace

Bytes Sign(ByteView content, const Identity& signer, const SignOptions& options) {
  LoadProviders();
  const unsigned streamed = options.streamed ? CMS_STREAM : 0u;
  const auto certificate = ToX509(signer.certificate);
  const auto key = ToKey(*signer.key);
  const Ptr<EVP_MD> digest(EVP_MD_fetch(nullptr, options.digest.c_str(), nullptr));
  const Ptr<CMS_ContentInfo> cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, CMS_PARTIAL | CMS_BINARY | streamed));
  Check(certificate && key && digest && cms, "CMS_sign");
  const unsigned flags = CMS_BINARY | CMS_NOSMIMECAP | (options.by_key_identifier ? CMS_USE_KEYID : 0u) |
                         (options.without_certificate ? CMS_NOCERTS : 0u) | (options.pss ? CMS_KEY_PARAM : 0u);
  CMS_SignerInfo* info = CMS_add1_signer(cms.get(), certificate.get(), key.get(), digest.get(), flags);
  Check(info != nullptr, "CMS_add1_signer");
  if (options.pss) {
    EVP_PKEY_CTX* context = CMS_SignerInfo_get0_pkey_ctx(info);
    Check(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1, "PSS");
    Check(EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1, "PSS salt");
  }
  for (const Attribute& attribute : options.attributes) {
    const Ptr<ASN1_OBJECT> oid(OBJ_txt2obj(attribute.oid.c_str(), 1));
    Check(CMS_signed_add1_attr_by_OBJ(info, oid.get(), attribute.tag, attribute.value.data(),
                                      static_cast<int>(attribute.value.size())) == 1,
          "CMS_signed_add1_attr_by_OBJ");
  }
  return Write(cms.get(), Input(content).get(), options.streamed);
}

Bytes Encrypt(ByteView content, const std::vector<pki::Certificate>& recipients, const EncryptOptions& options) {
  LoadProviders();
  const Ptr<EVP_CIPHER> cipher(EVP_CIPHER_fetch(nullptr, options.cipher.c_str(), nullptr));
  const auto input = Input(content);
  const unsigned flags = CMS_BINARY | CMS_PARTIAL | (options.streamed ? CMS_STREAM : 0u);
  const Ptr<CMS_ContentInfo> cms(CMS_encrypt(nullptr, nullptr, cipher.get(), flags));
  Check(cipher && cms, "CMS_encrypt");
  for (const pki::Certificate& recipient : recipients) {
    const auto certificate = ToX509(recipient);
    const unsigned recipient_flags =
        (options.by_key_identifier ? CMS_USE_KEYID : 0u) | (options.oaep_digest.empty() ? 0u : CMS_KEY_PARAM);
    CMS_RecipientInfo* info = CMS_add1_recipient_cert(cms.get(), certificate.get(), recipient_flags);
    Check(info != nullptr, "CMS_add1_recipient_cert");
    if (options.oaep_digest.empty()) continue;
    EVP_PKEY_CTX* context = CMS_RecipientInfo_get0_pkey_ctx(info);
    Check(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1, "OAEP");
    Check(EVP_PKEY_CTX_set_rsa_oaep_md(context, EVP_get_digestbyname(options.oaep_digest.c_str())) == 1, "OAEP hash");
  }
  return Write(cms.get(), input.get(), options.streamed);
}

std::optional<Bytes> Verify(ByteView message) {
  LoadProviders();
  const auto cms = Parse(message);
  const Ptr<BIO> out(BIO_new(BIO_s_mem()));
  const auto flags = CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY;
  Ptr<BIO> absent;
  if (cms && CMS_get0_content(cms.get()) != nullptr && *CMS_get0_content(cms.get()) == nullptr) absent = Input("");
  if (!cms || CMS_verify(cms.get(), nullptr, nullptr, absent.get(), out.get(), flags) != 1) {
    ERR_clear_error();
    return std::nullopt;
  }
  return Contents(out.get());
}

std::optional<Bytes> Decrypt(ByteView message, const Identity& recipient) {
  LoadProviders();
  const auto cms = Parse(message);
  const auto key = ToKey(*recipient.key);
  const auto certificate = ToX509(recipient.certificate);
  const Ptr<BIO> out(BIO_new(BIO_s_mem()));
  if (!cms || CMS_decrypt(cms.get(), key.get(), certificate.get(), nullptr, out.get(), CMS_BINARY) != 1) {
    ERR_clear_error();
    return std::nullopt;
  }
  return Contents(out.get());
}

int CountCertificates(ByteView message) {
  const auto cms = Parse(message);
  if (!cms) return -1;
  STACK_OF(X509)* certificates = CMS_get1_certs(cms.get());
  const int count = certificates == nullptr ? 0 : sk_X509_num(certificates);
  sk_X509_pop_free(certificates, X509_free);
  return count;
}

std::optional<Bytes> OnlyCrl(ByteView message) {
  const auto cms = Parse(message);
  if (!cms || CountCertificates(message) != 0) return std::nullopt;
  STACK_OF(X509_CRL)* crls = CMS_get1_crls(cms.get());
  std::optional<Bytes> only;
  if (crls != nullptr && sk_X509_CRL_num(crls) == 1) {
    unsigned char* der = nullptr;
    const int length = i2d_X509_CRL(sk_X509_CRL_value(crls, 0), &der);
    if (length > 0) only = Bytes(der, der + length);
    OPENSSL_free(der);
  }
  sk_X509_CRL_pop_free(crls, X509_CRL_free);
  return only;
}

Bytes EncryptBlocks(const std::string& cipher, ByteView key, ByteView iv, ByteView blocks) {
  LoadProviders();
  const Ptr<EVP_CIPHER> algorithm(EVP_CIPHER_fetch(nullptr, cipher.c_str(), nullptr));
  const Ptr<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
  Bytes out(blocks.size(), '\0');
  int length = 0;
  Check(EVP_EncryptInit_ex2(context.get(), algorithm.get(), Octets(key), Octets(iv), nullptr) == 1, "EncryptInit");
  Check(EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1, "padding");
  Check(EVP_EncryptUpdate(context.get(), reinterpret_cast<unsigned char*>(out.data()), &length, Octets(blocks),
                          static_cast<int>(blocks.size())) == 1,
        "EncryptUpdate");
  return out;
}

}  // namespace testing::reference
