#include "random_policy.h"

#include <map>

#include "policy/modules.h"

namespace engine_test {

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

using Texts = std::vector<std::string>;

// What fields of text are chosen from, by the name of the field, or of its message and the field.
const std::map<std::string, Texts> kTexts = {
    {"note", {"", "note"}},
    {"reason", {"", "no", "ü"}},
    {"groups", {"network", "audit"}},
    {"name_patterns", {"*", "device-*", "gw"}},
    {"RequireEntity.attributes", {"site=*", "site=hall", "role=vpn"}},
    {"MatchSubject.attributes", {"O=*", "O=Example", "OU=*", "CN=device-*", "2.5.4.99=*"}},
    {"common_name_patterns", {"*", "device-*", "*.example", "gw"}},
    {"subject",
     {"CN=${common_name}", "CN=${entity},O=Example", "OU=${attribute.site},CN=${reference_number}", "CN=gw",
      "SERIALNUMBER=${serial_number}"}},
    {"allowed_kinds", {"dns", "ip", "email", "uri"}},
    {"dns_patterns", {"*", "*.example"}},
    {"ip_networks", {"192.0.2.0/24", "2001:db8::/32", "0.0.0.0/0"}},
    {"email_patterns", {"*", "*@example.org"}},
    {"uri_patterns", {"*", "urn:*"}},
    {"names",
     {"dns:gw.example", "dns:${common_name}.example", "dns:*.${entity}.example", "ip:192.0.2.9",
      "email:${common_name}@example.org", "uri:urn:x:${common_name}", "uri:https://${attribute.site}/"}},
    {"algorithms", {"rsa-2048", "rsa-3072", "ecdsa-p256", "ecdsa-p384"}},
    {"blocked_spki_sha256", {std::string(64, '0')}},
    {"usages", {"digital_signature", "key_encipherment", "non_repudiation", "data_encipherment", "key_agreement"}},
    {"purposes", {"client_auth", "server_auth", "1.2.3.4", "2.5.29.37.1"}},
    {"oids", {"1.2.3.4", "1.3.6.1.4.1.311.25.2", "1.3.6.1.5.5.7.1.24", "2.16.840.1.113730.1.13"}},
    {"urls",
     {"http://a.example/", "https://b.example/", "ldap://c.example/", "http://d.example/", "http://e.example/",
      "http://f.example/", "http://g.example/", "http://h.example/", "http://i.example/", "http://j.example/"}},
    {"oid", {"1.2.3.4", "1.2.3.5", "2.5.29.32.0"}},
    {"cps_uri", {"", "https://a.example/cps"}},
    {"url", {"https://hook.example/"}},
    {"secret", {"key"}},
};

// Numbers that most parameters can be, and those at the bounds of some.
const std::vector<std::uint32_t> kNumbers = {0, 0, 1, 1, 2, 3, 8, 23, 50, 100, 365, 1000, 2048, 4096, 8192};

std::string TextFor(const FieldDescriptor& field) {
  auto found = kTexts.find(field.containing_type()->name() + "." + field.name());
  if (found == kTexts.end()) found = kTexts.find(field.name());
  return found == kTexts.end() ? "" : *rc::gen::elementOf(found->second);
}

int AnyEnumerator(const FieldDescriptor& field) {
  return field.enum_type()->value(Below(field.enum_type()->value_count()))->number();
}

// Where fields come from: what they should be, or anything.
struct Source {
  std::string (*text)(const FieldDescriptor&);
  std::uint32_t (*number)();
  int (*enumerator)(const FieldDescriptor&);
};

void FillFrom(Message& message, const Source& source);

// Sets the field, or adds to it where it is a list.
void AddTo(Message& message, const FieldDescriptor& field, const Source& source) {
  const auto& reflection = *message.GetReflection();
  const bool is_list = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      reflection.SetBool(&message, &field, *rc::gen::arbitrary<bool>());
      return;
    case FieldDescriptor::CPPTYPE_ENUM:
      reflection.SetEnumValue(&message, &field, source.enumerator(field));
      return;
    case FieldDescriptor::CPPTYPE_UINT32:
      reflection.SetUInt32(&message, &field, source.number());
      return;
    case FieldDescriptor::CPPTYPE_STRING:
      if (is_list) {
        reflection.AddString(&message, &field, source.text(field));
      } else {
        reflection.SetString(&message, &field, source.text(field));
      }
      return;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      FillFrom(is_list ? *reflection.AddMessage(&message, &field) : *reflection.MutableMessage(&message, &field),
               source);
      return;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT64:
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      throw std::logic_error(field.full_name() + " is of a type that no policy has");
  }
}

void FillFrom(Message& message, const Source& source) {
  const auto& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); i++) {
    const FieldDescriptor& field = *descriptor.field(i);
    // A list of up to three; a field or an entry of a map half of the time, one of a oneof seldom.
    const int most = field.is_repeated() && !field.is_map() ? 4 : 2;
    const bool is_rare = field.real_containing_oneof() != nullptr;
    if (is_rare && Below(8) != 0) continue;
    for (int count = Below(most); count > 0; count--) AddTo(message, field, source);
  }
}

std::string Utf8(char32_t point) {
  std::string text;
  const auto add = [&](unsigned octet) { text += static_cast<char>(octet); };
  if (point < 0x80) {
    add(point);
  } else if (point < 0x800) {
    add(0xc0 | point >> 6);
    add(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    add(0xe0 | point >> 12);
    add(0x80 | (point >> 6 & 0x3f));
    add(0x80 | (point & 0x3f));
  } else {
    add(0xf0 | point >> 18);
    add(0x80 | (point >> 12 & 0x3f));
    add(0x80 | (point >> 6 & 0x3f));
    add(0x80 | (point & 0x3f));
  }
  return text;
}

std::string AnyText(const FieldDescriptor&) {
  std::string text;
  for (int length = Below(6); length > 0; length--) {
    // No surrogates, which UTF-8 does not have.
    const auto point =
        *rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(0, 0x100), rc::gen::inRange<std::uint32_t>(0x100, 0xd800),
                        rc::gen::inRange<std::uint32_t>(0xe000, 0x110000));
    text += Utf8(point);
  }
  return text;
}

const Source kSensible = {TextFor, [] { return *rc::gen::elementOf(kNumbers); }, AnyEnumerator};
const Source kAnything = {AnyText, [] { return *rc::gen::arbitrary<std::uint32_t>(); },
                          [](const FieldDescriptor&) { return Below(13) - 1; }};

void AddFromAttributes(certifier::v1::Module& module, const google::protobuf::Descriptor& parameters) {
  if (parameters.field_count() == 0 || Below(4) != 0) return;
  const auto& field = *parameters.field(Below(parameters.field_count()));
  if (field.name() == "rejection_releases_use" || module.has_require_signer()) return;
  (*module.mutable_from_attributes())[field.name()] = *rc::gen::elementOf(kAttributeNames);
}

bool IsFaultless(const certifier::v1::Module& module) {
  engine::policy::Faults faults;
  engine::policy::MakeModule(module, faults);
  return faults.text().empty();
}

rc::Gen<certifier::v1::PolicyChain> AnyChain() {
  return rc::gen::exec([] {
    certifier::v1::PolicyChain chain;
    for (int count = Below(6); count > 0; count--) *chain.add_modules() = *AnyModule();
    return chain;
  });
}

}  // namespace

int Below(int bound) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, bound));
}

rc::Gen<certifier::v1::Module> AnyModule() {
  return rc::gen::suchThat(rc::gen::exec([] {
                             certifier::v1::Module module;
                             const auto* const kinds = certifier::v1::Module::descriptor()->FindOneofByName("kind");
                             const auto* const kind = kinds->field(Below(kinds->field_count()));
                             FillFrom(*module.GetReflection()->MutableMessage(&module, kind), kSensible);
                             AddFromAttributes(module, *kind->message_type());
                             return module;
                           }),
                           IsFaultless);
}

rc::Gen<certifier::v1::Policy> AnyPolicy() {
  return rc::gen::exec([] {
    certifier::v1::Policy policy;
    policy.set_name("any");
    *policy.mutable_receive_request() = *AnyChain();
    *policy.mutable_accept_request() = *AnyChain();
    if (*rc::gen::arbitrary<bool>()) *policy.mutable_view_request() = *AnyChain();
    if (*rc::gen::arbitrary<bool>()) *policy.mutable_update_request() = *AnyChain();
    // Most chains accept in the end, or nothing would ever be issued.
    if (Below(8) != 0) {
      policy.mutable_receive_request()->add_modules()->mutable_accept_all()->set_without_voucher(Below(2) == 0);
    }
    // Now and then where it does not help, so that templates are as they were edited.
    auto& fill = Below(4) == 0 ? *policy.mutable_view_request() : *policy.mutable_accept_request();
    fill.add_modules()->mutable_set_validity()->set_days(1 + Below(3650));
    fill.add_modules()->mutable_set_key_usage()->add_usages("digital_signature");
    if (Below(8) != 0) policy.mutable_accept_request()->add_modules()->mutable_accept_all();
    return policy;
  });
}

void Fill(Message& message) {
  FillFrom(message, kAnything);
}

}  // namespace engine_test
