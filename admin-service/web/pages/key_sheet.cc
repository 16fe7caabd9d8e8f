#include "web/pages/key_sheet.h"

#include "ctl/key_sheet.h"
#include "ctl/scep_view.h"
#include "web/visit.h"

namespace web {

result::Result<Model> KeySheet(Model key, const KeyOwner& owner) {
  key["entity"] = owner.entity;
  key["ca"] = owner.ca;
  key["path"] = "/keys/" + PathSegment(key["reference_number"].get<std::string>());
  if (owner.fingerprints != nullptr) key["fingerprints"] = ModelOf(*owner.fingerprints);
  ctl::PrintedKey printed;
  printed.entity = owner.entity;
  printed.ca = owner.ca;
  printed.key = key["key"].get<std::string>();
  printed.url = ctl::UrlFor(owner.enrollment_url, owner.ca);
  ASSIGN_OR_RETURN(key["code"], ctl::KeyCode(printed));
  key["url"] = printed.url;
  return key;
}

}  // namespace web
