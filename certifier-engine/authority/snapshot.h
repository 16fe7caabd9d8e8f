#ifndef CERTIFIER_ENGINE_AUTHORITY_SNAPSHOT_H
#define CERTIFIER_ENGINE_AUTHORITY_SNAPSHOT_H

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "authority/certification_authority.h"
#include "keys/sealer.h"
#include "store/administration_store.h"

namespace engine::policy {
class Book;
}

namespace engine::authority {

// Snapshot is everything that deciding needs besides the request, at one moment. Immutable and shared between threads.
struct Snapshot {
  std::uint64_t version = 0;  // 0: nothing was loaded yet.
  // The active generations of active CAs that could be unsealed, by name; then their next and retired ones.
  std::vector<std::shared_ptr<const CertificationAuthority>> cas;
  std::vector<std::shared_ptr<const CertificationAuthority>> other_generations;
  // Of CAs that are disabled, with no key but the one that signs their CRLs: what they issued is still to be judged.
  std::vector<std::shared_ptr<const CertificationAuthority>> disabled_generations;
  std::shared_ptr<const policy::Book> policies;
  store::ScepServiceRecord scep_service;

  // FindCa finds a CA's active generation by its administrative name, without regard to case; null if there is none.
  std::shared_ptr<const CertificationAuthority> FindCa(std::string_view name) const;
  std::shared_ptr<const CertificationAuthority> FindCa(std::int64_t ca_id) const;
  // Both find a generation in whatever state; null if there is none. A `number` of 0 is the active one's.
  std::shared_ptr<const CertificationAuthority> FindGeneration(std::int64_t ca_generation_id) const;
  std::shared_ptr<const CertificationAuthority> FindGeneration(std::string_view name, std::uint32_t number) const;
  // As FindGeneration, and those of disabled CAs too: for CRLs, and nothing else.
  std::shared_ptr<const CertificationAuthority> FindForCrl(std::int64_t ca_generation_id) const;
  std::shared_ptr<const CertificationAuthority> FindForCrl(std::string_view name, std::uint32_t number) const;
  // FindNext finds the staged generation of a CA; null if there is none.
  std::shared_ptr<const CertificationAuthority> FindNext(std::int64_t ca_id) const;
};

// OpenCa unseals and parses what the database holds of a CA and checks that the keys are those of the certificates.
result::Result<CertificationAuthority> OpenCa(const store::CaRecord& record, const keys::Sealer& ca_keys,
                                              const keys::Sealer& registration_authority_keys);

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_SNAPSHOT_H
