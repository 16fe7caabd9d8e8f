#include "web/pages/pages.h"
#include "web/site.h"

namespace web {

const std::vector<Route>& Routes() {
  static const std::vector<Route> kRoutes = {
      {"GET", "/", ShowHome},
      {"GET", "/cas", ListCas},
      {"GET", "/cas/{}", ShowCa},
      {"GET", "/certificates", ListCertificates},
      {"GET", "/certificates/{}/{}", ShowCertificate},
      {"POST", "/certificates/{}/{}/reactivate", ReactivateCertificate},
      {"POST", "/certificates/{}/{}/revoke", RevokeCertificate},
      {"POST", "/certificates/{}/{}/suspend", SuspendCertificate},
      {"GET", "/entities", ListEntities},
      {"POST", "/entities", CreateEntity},
      {"GET", "/entities/{}", ShowEntity},
      {"POST", "/entities/{}/keys", CreateKey},
      {"POST", "/entities/{}/status", SetEntityStatus},
      {"GET", "/keys/{}", ShowKey},
      {"POST", "/keys/{}/disable", DisableKey},
      {"POST", "/keys/{}/rekey", RekeyKey},
      {"GET", "/policies", ListPolicies},
      {"GET", "/policies/{}", ShowPolicy},
      {"GET", "/policies/{}/diff", ComparePolicy},
      {"GET", "/requests", ListRequests},
      {"POST", "/requests/reject", RejectRequests},
      {"GET", "/requests/{}", ShowRequest},
      {"POST", "/requests/{}/compare", CompareFingerprint},
      {"POST", "/requests/{}/approve", ApproveRequest},
      {"POST", "/requests/{}/reject", RejectRequest},
  };
  return kRoutes;
}

}  // namespace web
