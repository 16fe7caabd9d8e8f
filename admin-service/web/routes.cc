#include "web/pages/pages.h"
#include "web/site.h"

namespace web {

const std::vector<Route>& Routes() {
  static const std::vector<Route> kRoutes = {
      {"GET", "/", ShowHome},
      {"GET", "/account", ShowAccount},
      {"POST", "/account/password", ChangeOwnPassword},
      {"GET", "/audit", ListAuditEvents},
      {"GET", "/audit/{}", ShowAuditEvent},
      {"GET", "/audit/{}/verify", VerifyAuditEvent},
      {"GET", "/cas", ListCas},
      {"GET", "/cas/{}", ShowCa},
      {"GET", "/certificates", ListCertificates},
      {"POST", "/certificates/revoke", RevokeCertificates},
      {"GET", "/certificates/{}/{}", ShowCertificate},
      {"POST", "/certificates/{}/{}/reactivate", ReactivateCertificate},
      {"POST", "/certificates/{}/{}/revoke", RevokeCertificate},
      {"POST", "/certificates/{}/{}/suspend", SuspendCertificate},
      {"GET", "/entities", ListEntities},
      {"POST", "/entities", CreateEntity},
      {"GET", "/entities/{}", ShowEntity},
      {"POST", "/entities/{}/keys", CreateKey},
      {"POST", "/entities/{}/status", SetEntityStatus},
      {"GET", "/keys/mint", ShowKeyMint},
      {"POST", "/keys/mint", MintKeys},
      {"GET", "/keys/{}", ShowKey},
      {"POST", "/keys/{}/disable", DisableKey},
      {"POST", "/keys/{}/rekey", RekeyKey},
      {"GET", "/operators", ListOperators},
      {"POST", "/operators", CreateOperator},
      {"GET", "/operators/{}", ShowOperator},
      {"POST", "/operators/{}/certificates", AddOperatorCertificate},
      {"POST", "/operators/{}/certificates/remove", RemoveOperatorCertificate},
      {"POST", "/operators/{}/details", SetOperatorDetails},
      {"POST", "/operators/{}/grants", AddOperatorGrant},
      {"POST", "/operators/{}/grants/remove", RemoveOperatorGrant},
      {"POST", "/operators/{}/password", SetOperatorPassword},
      {"POST", "/operators/{}/status", SetOperatorStatus},
      {"GET", "/policies", ListPolicies},
      {"GET", "/policies/{}", ShowPolicy},
      {"POST", "/policies/{}/apply", ApplyPolicy},
      {"GET", "/policies/{}/diff", ComparePolicy},
      {"GET", "/policies/{}/edit", EditPolicy},
      {"POST", "/policies/{}/edit", ChangePolicyDraft},
      {"POST", "/policies/{}/review", ReviewPolicy},
      {"GET", "/requests", ListRequests},
      {"POST", "/requests/reject", RejectRequests},
      {"GET", "/requests/{}", ShowRequest},
      {"POST", "/requests/{}/compare", CompareFingerprint},
      {"POST", "/requests/{}/approve", ApproveRequest},
      {"POST", "/requests/{}/reject", RejectRequest},
      {"POST", "/requests/{}/template", EditTemplate},
      {"GET", "/scep-service", ShowScepService},
      {"POST", "/scep-service", ChangeScepService},
  };
  return kRoutes;
}

}  // namespace web
