#include "authority/ca_factory.h"

#include "authority/object_name.h"
#include "service/log.h"

namespace engine::authority {

namespace {

tl::unexpected<result::Error> Malformed(std::string detail) {
  return result::Fail(result::Reason::kMalformed, std::move(detail));
}

void FillDefaults(CaSpecification& specification) {
  if (specification.subject.empty()) specification.subject = "CN=" + specification.name + " CA";
  if (specification.key_algorithm.empty()) specification.key_algorithm = "rsa-3072";
  if (specification.validity_days == 0) specification.validity_days = 3650;
  if (specification.policy.empty()) specification.policy = "default";
  if (specification.registration_authority_key_bits == 0) specification.registration_authority_key_bits = 2048;
  if (specification.registration_authority.empty()) specification.registration_authority = "combined";
}

result::Result<store::RegistrationAuthorityMode> ReadMode(const std::string& text) {
  if (text == "combined") return store::RegistrationAuthorityMode::kCombined;
  if (text == "split") return store::RegistrationAuthorityMode::kSplit;
  if (text == "none") return store::RegistrationAuthorityMode::kNone;
  return Malformed("a registration authority is combined, split or none");
}

}  // namespace

CaFactory::CaFactory(store::AdministrationStore& store, Directory& directory, const GenerationMaker& maker)
    : store_(store), directory_(directory), maker_(maker) {}

result::Result<GenerationSpecification> CaFactory::Read(const CaSpecification& specification) const {
  if (!IsObjectName(specification.name)) return Malformed("a CA's name is 1 to 64 characters of [A-Za-z0-9._-]");
  auto subject = pki::Name::FromString(specification.subject);
  if (!subject) return result::Wrap("the CA's subject", std::move(subject).error());
  GenerationSpecification generation;
  generation.ca_name = specification.name;
  generation.subject = *std::move(subject);
  generation.key_algorithm = specification.key_algorithm;
  generation.validity_days = specification.validity_days;
  ASSIGN_OR_RETURN(generation.mode, ReadMode(specification.registration_authority));
  generation.registration_authority_key_bits = specification.registration_authority_key_bits;
  if (specification.issuer.empty()) return generation;
  generation.issuer = directory_.snapshot()->FindCa(specification.issuer);
  if (!generation.issuer) return result::Fail(result::Reason::kNotFound, "no CA is named " + specification.issuer);
  return generation;
}

result::Result<void> CaFactory::Create(CaSpecification specification, const std::string& created_by) {
  FillDefaults(specification);
  ASSIGN_OR_RETURN(const auto generation, Read(specification));
  if (directory_.snapshot()->FindCa(specification.name)) {
    return result::Fail(result::Reason::kConflict, "a CA of that name exists");
  }
  store::NewCa ca;
  ca.name = specification.name;
  ca.policy = specification.policy;
  ca.created_by = created_by;
  ASSIGN_OR_RETURN(ca.generation, maker_.Make(generation));
  RETURN_IF_ERROR(store_.CreateCa(ca));
  service::LogInfo("ca_created", {{"ca", specification.name}, {"created_by", created_by}});
  return directory_.Reload();
}

}  // namespace engine::authority
