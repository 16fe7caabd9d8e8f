#ifndef CERTIFIER_ADMIN_SERVICE_WEB_PAGES_PAGES_H
#define CERTIFIER_ADMIN_SERVICE_WEB_PAGES_PAGES_H

#include "web/visit.h"

namespace web {

// What needs the operator.
result::Result<Response> ShowHome(Visit& visit);
// Says when that is different.
result::Result<Response> WatchHome(Visit& visit);

// Who the operator is, and a form for his password.
result::Result<Response> ShowAccount(Visit& visit);
// Parameters: "current", "new", "again".
result::Result<Response> ChangeOwnPassword(Visit& visit);

// Parameters: "kind", "actor", "ca", "about", "page".
result::Result<Response> ListAuditEvents(Visit& visit);
// Argument of both: the event's id. VerifyAuditEvent holds it against its seal.
result::Result<Response> ShowAuditEvent(Visit& visit);
result::Result<Response> VerifyAuditEvent(Visit& visit);

result::Result<Response> ListCas(Visit& visit);
// Argument: the CA's name.
result::Result<Response> ShowCa(Visit& visit);

// Parameters: "serial", "ca", "status", "page", and those of search_form.h, as in the other lists that have words.
result::Result<Response> ListCertificates(Visit& visit);
// The arguments of each are the CA's name and the serial number.
result::Result<Response> ShowCertificate(Visit& visit);
// Parameters: "certificate" (CA/SERIAL), as often as there are certificates, "reason", "comment".
result::Result<Response> RevokeCertificates(Visit& visit);
// Parameters: "reason", "comment".
result::Result<Response> RevokeCertificate(Visit& visit);
// Parameter: "comment".
result::Result<Response> SuspendCertificate(Visit& visit);
result::Result<Response> ReactivateCertificate(Visit& visit);

// What failed last, in plain words. Parameters: "ca", "page", or "q" (as certifierctl request explain takes it).
result::Result<Response> ShowDoctor(Visit& visit);

// Parameters: "name", "page".
result::Result<Response> ListEntities(Visit& visit);
// Parameters: "name", "description", "subject", "names" (alternative names, a line each).
result::Result<Response> CreateEntity(Visit& visit);
// The argument of each is the entity's name.
result::Result<Response> ShowEntity(Visit& visit);
// Parameter: "status".
result::Result<Response> SetEntityStatus(Visit& visit);
// Parameters: "ca", "uses", "days", "policy". It answers with the value, which is shown this once.
result::Result<Response> CreateKey(Visit& visit);

// The newest first, of every CA that the operator may read. Parameters: "entity" (its whole name; empty: all), "page".
result::Result<Response> ListKeys(Visit& visit);

// A form for the keys of many devices.
result::Result<Response> ShowKeyMint(Visit& visit);
// Parameters: "batch" (of the form), "devices" (CSV as certifierctl key mint takes it, or names), "ca", "uses", "days",
// "create_entities". It answers with the values, which are shown this once.
result::Result<Response> MintKeys(Visit& visit);

// The argument of each is the key's reference number.
result::Result<Response> ShowKey(Visit& visit);
// It answers with the new value, which is shown this once.
result::Result<Response> RekeyKey(Visit& visit);
result::Result<Response> DisableKey(Visit& visit);

// Parameter: "page".
result::Result<Response> ListOperators(Visit& visit);
// Parameters: "login", "description", "password", and "certificates", "grants", "groups" with a line for each.
result::Result<Response> CreateOperator(Visit& visit);
// The argument of each is the operator's login.
result::Result<Response> ShowOperator(Visit& visit);
// Parameter: "status".
result::Result<Response> SetOperatorStatus(Visit& visit);
// Parameter: "password"; empty: none any more.
result::Result<Response> SetOperatorPassword(Visit& visit);
// Parameters: "description", "groups" (a line each).
result::Result<Response> SetOperatorDetails(Visit& visit);
// Parameters: "level", "ca" (empty: every CA).
result::Result<Response> AddOperatorGrant(Visit& visit);
// Parameter: "grant" (LEVEL or LEVEL:CA).
result::Result<Response> RemoveOperatorGrant(Visit& visit);
// Parameter: "certificate" (PEM, or SHA-256 in any notation).
result::Result<Response> AddOperatorCertificate(Visit& visit);
// Parameter: "sha256".
result::Result<Response> RemoveOperatorCertificate(Visit& visit);

// Parameters: "name" and "from" lead to the editor of a new one.
result::Result<Response> ListPolicies(Visit& visit);
// The argument of each is the policy's name. Parameters: "version", and "page" of its history.
result::Result<Response> ShowPolicy(Visit& visit);
// Parameter: "version".
result::Result<Response> ComparePolicy(Visit& visit);
// Parameters: "version" to begin with, or "from", another policy.
result::Result<Response> EditPolicy(Visit& visit);
// The next three take "expected_version", and "document" or the fields of PolicyDraft. This one: "do", a button of
// PolicyDraft, and "CHAIN.new", the module that it adds.
result::Result<Response> ChangePolicyDraft(Visit& visit);
// What the edit changes, and what would become of a request. Parameters: "csr", "ca", "entity", "reference_number". It
// changes nothing.
result::Result<Response> ReviewPolicy(Visit& visit);
result::Result<Response> ApplyPolicy(Visit& visit);

// Parameters: "q" (a number, a fingerprint, a transactionID), "state", "ca", "page".
result::Result<Response> ListRequests(Visit& visit);
// Says when the first page of that list is different. The same parameters.
result::Result<Response> WatchRequests(Visit& visit);
// Parameters of each: "id", as often as there are requests, and "reason".
result::Result<Response> RejectRequests(Visit& visit);
result::Result<Response> PostponeRequests(Visit& visit);
result::Result<Response> ResumeRequests(Visit& visit);
// The argument of each is the request's number.
result::Result<Response> ShowRequest(Visit& visit);
// Says when its state or its approvals are different. Not found for one whose fingerprints are not known.
result::Result<Response> WatchRequest(Visit& visit);
// Parameter: "fingerprint". It changes nothing.
result::Result<Response> CompareFingerprint(Visit& visit);
// Parameters: "fingerprint", "template_version".
result::Result<Response> ApproveRequest(Visit& visit);
// Parameters: "template_version", "subject", "names" (a line each), "not_after" (as certifierctl takes it; empty: as it
// is).
result::Result<Response> EditTemplate(Visit& visit);
// Parameter of each: "reason", which a rejection must have.
result::Result<Response> RejectRequest(Visit& visit);
result::Result<Response> PostponeRequest(Visit& visit);
result::Result<Response> ResumeRequest(Visit& visit);

// The settings of the SCEP service, and what gateways made of them.
result::Result<Response> ShowScepService(Visit& visit);
// Says when these are different.
result::Result<Response> WatchScepService(Visit& visit);
// Parameters: "version" (which was shown), "status", "description", "listen", "domain_name", and "operation" for each
// that is allowed.
result::Result<Response> ChangeScepService(Visit& visit);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_PAGES_PAGES_H
