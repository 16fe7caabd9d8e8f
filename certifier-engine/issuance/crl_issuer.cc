#include "issuance/crl_issuer.h"

#include <algorithm>

#include "service/log.h"

namespace engine::issuance {

namespace {

pki::TbsCrl TbsOf(const authority::CertificationAuthority& ca, const store::CrlDraft& draft) {
  pki::TbsCrl tbs;
  tbs.issuer = pki::Bytes(ca.certificate.subject());
  tbs.issuer_key_identifier = ca.key_identifier;
  tbs.number = static_cast<std::uint64_t>(draft.crl_number);
  tbs.revoked = draft.revoked;
  return tbs;
}

void LogIssued(const authority::CertificationAuthority& ca, const store::CrlDraft& draft, const store::NewCrl& crl,
               std::chrono::steady_clock::time_point began) {
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
  service::LogInfo("crl_issued", {{"ca", ca.name},
                                  {"crl_number", draft.crl_number},
                                  {"revoked", static_cast<std::int64_t>(draft.revoked.size())},
                                  {"octets", static_cast<std::int64_t>(crl.crl.size())},
                                  {"sign_ms", took.count()}});
}

}  // namespace

CrlIssuer::CrlIssuer(store::RevocationStore& store, const authority::Directory& directory, Clock clock,
                     Settings settings)
    : store_(store), directory_(directory), clock_(std::move(clock)), settings_(settings) {}

result::Result<std::size_t> CrlIssuer::IssueDue() const {
  ASSIGN_OR_RETURN(const auto due, store_.DueCrls(clock_()));
  const auto snapshot = directory_.snapshot();
  std::size_t count = 0;
  for (const std::int64_t generation : due) {
    // What the directory has not, it will have in a moment, or it is unusable and was logged.
    const auto ca = snapshot->FindForCrl(generation);
    if (!ca) continue;
    const auto is_issued = Issue(*ca);
    if (!is_issued) service::LogError("crl_failed", {{"ca", ca->name}, {"detail", is_issued.error().detail}});
    count += is_issued && *is_issued ? 1u : 0u;
  }
  return count;
}

result::Result<bool> CrlIssuer::Issue(const authority::CertificationAuthority& ca) const {
  const store::RevocationStore::CrlTurn turn = {ca.ca_generation_id, clock_(), settings_.kept};
  return store_.IssueCrl(turn, [&](const store::CrlDraft& draft) -> result::Result<store::NewCrl> {
    const auto began = std::chrono::steady_clock::now();
    pki::TbsCrl tbs = TbsOf(ca, draft);
    tbs.this_update = std::chrono::floor<std::chrono::seconds>(turn.now);
    tbs.next_update = tbs.this_update + settings_.lifetime;
    store::NewCrl crl{tbs.this_update, tbs.next_update, {}};
    ASSIGN_OR_RETURN(crl.crl, pki::SignCrl(tbs, *ca.key, ca.digest));
    LogIssued(ca, draft, crl, began);
    return crl;
  });
}

}  // namespace engine::issuance
