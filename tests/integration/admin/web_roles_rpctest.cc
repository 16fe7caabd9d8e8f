// Each page offers an operator what he may do, and nothing else.
#include "web_browser.h"

namespace admin_test {

namespace {

namespace v1 = certifier::v1;

constexpr v1::AccessLevel kRead = v1::ACCESS_LEVEL_READ, kRevocation = v1::ACCESS_LEVEL_REVOCATION,
                          kEntityWrite = v1::ACCESS_LEVEL_ENTITY_WRITE, kWrite = v1::ACCESS_LEVEL_WRITE,
                          kSuperUser = v1::ACCESS_LEVEL_SUPER_USER;

// Where an operator must have the level: for the CA that the page is about, which is demo, for any, or for all.
enum class Where { kDemo, kSomewhere, kEverywhere };

// Offer is what stands on a page for who may do it.
struct Offer {
  std::string path, mark;
  v1::AccessLevel level;
  Where where;
};

const std::vector<Offer>& Offers() {
  static const std::vector<Offer> kOffers = {
      {"/requests", "Reject what is ticked", kWrite, Where::kDemo},
      {"/requests", "formaction=\"/requests/postpone\"", kWrite, Where::kDemo},
      {"/requests/17", "action=\"/requests/17/compare\"", kWrite, Where::kDemo},
      {"/requests/17", "action=\"/requests/17/reject\"", kWrite, Where::kDemo},
      {"/requests/17", "action=\"/requests/17/postpone\"", kWrite, Where::kDemo},
      {"/requests/17", "action=\"/requests/17/template\"", kWrite, Where::kDemo},
      {"/certificates/demo/5f3a", "action=\"/certificates/demo/5f3a/revoke\"", kRevocation, Where::kDemo},
      {"/certificates/demo/5f3a", "action=\"/certificates/demo/5f3a/suspend\"", kRevocation, Where::kDemo},
      {"/entities", "A new entity", kEntityWrite, Where::kSomewhere},
      {"/entities", "href=\"/keys/mint\"", kWrite, Where::kSomewhere},
      {"/entities/router-7", "action=\"/entities/router-7/keys\"", kWrite, Where::kDemo},
      {"/keys/100001", "action=\"/keys/100001/rekey\"", kWrite, Where::kDemo},
      {"/keys/100001", "action=\"/keys/100001/disable\"", kWrite, Where::kDemo},
      {"/policies", "A new policy", kSuperUser, Where::kEverywhere},
      {"/scep-service", "action=\"/scep-service\"", kSuperUser, Where::kEverywhere},
      {"/", "href=\"/operators\"", kSuperUser, Where::kEverywhere},
  };
  return kOffers;
}

// As the manual has the levels: write has revocation and entity write in it, super-user has all.
bool Has(v1::AccessLevel granted, v1::AccessLevel needed) {
  if (granted == kSuperUser || needed == kRead || granted == needed) return true;
  return granted == kWrite && (needed == kRevocation || needed == kEntityWrite);
}

bool May(v1::AccessLevel granted, const std::string& ca, const Offer& offer) {
  if (!Has(granted, offer.level)) return false;
  if (ca.empty() || offer.where == Where::kSomewhere) return true;
  return offer.where == Where::kDemo && ca == "demo";
}

}  // namespace

TEST_CASE_METHOD(WebFixture, "each page offers what the operator may do, and no more", "[web][access]") {
  engine().entities().Release();
  v1::Ca demo;
  demo.set_name("demo");
  engine().cas().Put(demo);
  Browser browser(*this);
  browser.LogIn();
  int offered = 0, hidden = 0;
  for (const v1::AccessLevel level : {kRead, kRevocation, kEntityWrite, kWrite, kSuperUser}) {
    for (const std::string ca : {"", "demo", "other"}) {
      engine().operators().Grant(level, ca);
      for (const Offer& offer : Offers()) {
        INFO(offer.path << " " << offer.mark << " for " << v1::AccessLevel_Name(level) << " of '" << ca << "'");
        const auto page = browser.Get(offer.path);
        CHECK(page.status == 200);
        const bool may = May(level, ca, offer);
        CHECK((page.body.find(offer.mark) != std::string::npos) == may);
        ++(may ? offered : hidden);
      }
    }
  }
  CHECK(offered > 50);
  CHECK(hidden > 100);
}

}  // namespace admin_test
