#ifndef CERTIFIER_ADMIN_SERVICE_WEB_PAGES_PAGES_H
#define CERTIFIER_ADMIN_SERVICE_WEB_PAGES_PAGES_H

#include "web/visit.h"

namespace web {

// What needs the operator.
result::Result<Response> ShowHome(Visit& visit);

result::Result<Response> ListCas(Visit& visit);
// Argument: the CA's name.
result::Result<Response> ShowCa(Visit& visit);

// Parameters: "serial", "ca", "page".
result::Result<Response> ListCertificates(Visit& visit);
// The arguments of each are the CA's name and the serial number.
result::Result<Response> ShowCertificate(Visit& visit);
// Parameters: "reason", "comment".
result::Result<Response> RevokeCertificate(Visit& visit);
// Parameter: "comment".
result::Result<Response> SuspendCertificate(Visit& visit);
result::Result<Response> ReactivateCertificate(Visit& visit);

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

// The argument of each is the key's reference number.
result::Result<Response> ShowKey(Visit& visit);
// It answers with the new value, which is shown this once.
result::Result<Response> RekeyKey(Visit& visit);
result::Result<Response> DisableKey(Visit& visit);

result::Result<Response> ListPolicies(Visit& visit);
// The argument of each is the policy's name. Parameter: "version".
result::Result<Response> ShowPolicy(Visit& visit);
result::Result<Response> ComparePolicy(Visit& visit);

// Parameters: "q" (a number, a fingerprint, a transactionID), "state", "ca", "page".
result::Result<Response> ListRequests(Visit& visit);
// Parameters: "id", as often as there are requests, and "reason".
result::Result<Response> RejectRequests(Visit& visit);
// The argument of each is the request's number.
result::Result<Response> ShowRequest(Visit& visit);
// Parameter: "fingerprint". It changes nothing.
result::Result<Response> CompareFingerprint(Visit& visit);
// Parameters: "fingerprint", "template_version".
result::Result<Response> ApproveRequest(Visit& visit);
// Parameter: "reason".
result::Result<Response> RejectRequest(Visit& visit);

}  // namespace web

#endif  // CERTIFIER_ADMIN_SERVICE_WEB_PAGES_PAGES_H
