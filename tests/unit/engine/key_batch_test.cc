#include "enrollment/key_batch.h"

#include <catch2/catch.hpp>

#include "enrollment/pre_shared_key.h"

namespace engine::enrollment {

namespace {

KeySpecification Item() {
  KeySpecification item;
  item.entity = "router-7";
  item.ca = "demo";
  item.alternative_names = {"dns:a.example"};
  item.attributes = {{"site", "hall 2"}};
  return item;
}

pki::Secret Repeated(char octet) {
  return pki::Secret(pki::Bytes(32, octet));
}

std::string Derive(char key, char salt, char token, std::uint32_t item, char digest) {
  const auto value = DeriveKeyValue(Repeated(key), pki::Bytes(32, salt), Repeated(token), item, pki::Bytes(32, digest));
  return std::string(value.Reveal());
}

}  // namespace

TEST_CASE("every field of an item changes its digest", "[enrollment][key-batch]") {
  const auto changed = GENERATE(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  KeySpecification key = Item();
  switch (changed) {
    case 0:
      key.entity = "router-";
      key.ca = "7demo";
      break;
    case 1:
      key.ca = "demo2";
      break;
    case 2:
      key.policy = "p";
      break;
    case 3:
      key.subject = "CN=a";
      break;
    case 4:
      key.use_limit = 1;
      break;
    case 5:
      key.not_before = TimePoint();
      break;
    case 6:
      key.expires_at = TimePoint();
      break;
    case 7:
      key.alternative_names.emplace_back();
      break;
    case 8:
      key.attributes["site"] = "hall 3";
      break;
    default:
      key.attributes.clear();
  }
  CHECK(SpecificationDigest(key) != SpecificationDigest(Item()));
  CHECK(SpecificationDigest(Item()) == SpecificationDigest(Item()));
}

TEST_CASE("a derived value depends on each of its parts and is a whole value of ours", "[enrollment][key-batch]") {
  const std::string value = Derive('k', 's', 't', 7, 'd');
  CHECK(value == Derive('k', 's', 't', 7, 'd'));
  CHECK(value.size() == 32);
  CHECK(NormalizedChallenge(value).Reveal().size() == 27);
  CHECK(value != Derive('K', 's', 't', 7, 'd'));
  CHECK(value != Derive('k', 'S', 't', 7, 'd'));
  CHECK(value != Derive('k', 's', 'T', 7, 'd'));
  CHECK(value != Derive('k', 's', 't', 8, 'd'));
  CHECK(value != Derive('k', 's', 't', 7, 'D'));
}

}  // namespace engine::enrollment
