// The generations of a CA and its options: what both stores promise.

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "store_fixture.h"

namespace store_test {
namespace {

using std::chrono::hours;

template <class Stores>
class Rolling : public Bench<Stores> {
 public:
  AdministrationStore& store() { return this->stores.administration(); }
  // The generations of "demo", by state.
  std::map<GenerationState, CaRecord> Generations() {
    std::map<GenerationState, CaRecord> found;
    const auto directory = store().LoadDirectory();
    REQUIRE(directory);
    for (const auto& ca : directory->cas) found[ca.state] = ca;
    return found;
  }
  Result<void> Stage(const std::string& name = "next") {
    NextGeneration next;
    next.ca = "Demo";
    next.active_generation_id = Generations().at(GenerationState::kActive).ca_generation_id;
    next.generation = this->GenerationOf(name);
    next.next_ca_certificates = "signed " + name;
    return store().StageGeneration(next);
  }
  static std::vector<NewRegistrationAuthority> Split(const std::string& name) {
    return {{RegistrationAuthorityUsage::kSigning, name + " signing", "k1", Bench<Stores>::Now()},
            {RegistrationAuthorityUsage::kEncryption, name + " encryption", "k2", Bench<Stores>::Now()}};
  }
  // Renewal puts a split pair "new" in the place of the first RA.
  RegistrationAuthorityRenewal Renewal() {
    return {Generations().at(GenerationState::kActive).ca_generation_id, {"ra of demo"}, Split("new")};
  }
};

TEMPLATE_TEST_CASE("a generation is staged beside the active one, once", "[store][rollover]", MemoryStores,
                   PostgresStores) {
  Rolling<TestType> rolling;
  REQUIRE(rolling.Stage());
  const auto generations = rolling.Generations();
  REQUIRE(generations.size() == 2);
  const CaRecord& active = generations.at(GenerationState::kActive);
  const CaRecord& next = generations.at(GenerationState::kNext);
  CHECK(active.generation_number == 1);
  CHECK(active.certificate == "certificate of demo");
  CHECK(next.generation_number == 2);
  CHECK(next.ca_id == active.ca_id);
  CHECK(next.certificate == "certificate of next");
  CHECK(next.next_ca_certificates == "signed next");
  REQUIRE(next.registration_authorities.size() == 1);
  CHECK(next.registration_authorities[0].certificate == "ra of next");
  CHECK(rolling.Stage("third").error().reason == Reason::kConflict);
}

TEMPLATE_TEST_CASE("activation retires the active generation with its RAs", "[store][rollover]", MemoryStores,
                   PostgresStores) {
  Rolling<TestType> rolling;
  REQUIRE(rolling.store().ActivateGeneration("demo", rolling.Now()).error().reason == Reason::kConflict);
  REQUIRE(rolling.Stage());
  const auto now = rolling.Now();
  REQUIRE(rolling.store().ActivateGeneration("DEMO", now));
  const auto generations = rolling.Generations();
  const CaRecord& active = generations.at(GenerationState::kActive);
  const CaRecord& retired = generations.at(GenerationState::kRetired);
  CHECK(active.generation_number == 2);
  CHECK(active.next_ca_certificates.empty());
  CHECK_FALSE(active.retired_at);
  CHECK(active.registration_authorities.at(0).is_current());
  CHECK(retired.generation_number == 1);
  CHECK(retired.retired_at == now);
  CHECK_FALSE(retired.registration_authorities.at(0).is_current());
  CHECK(rolling.store().ActivateGeneration("nobody", rolling.Now()).error().reason == Reason::kNotFound);
  CHECK_FALSE(retired.is_crl_only);
  REQUIRE(rolling.store().DestroyRetiredKeys(now));
  CHECK_FALSE(rolling.Generations().at(GenerationState::kRetired).is_crl_only);
  REQUIRE(rolling.store().DestroyRetiredKeys(now + hours(1)));
  CHECK(rolling.Generations().at(GenerationState::kRetired).is_crl_only);
  CHECK_FALSE(rolling.Generations().at(GenerationState::kActive).is_crl_only);
}

TEMPLATE_TEST_CASE("what was staged can be taken back, and another is staged after it", "[store][rollover]",
                   MemoryStores, PostgresStores) {
  Rolling<TestType> rolling;
  REQUIRE(rolling.Stage());
  REQUIRE(rolling.store().UnstageGeneration("demo", rolling.Now()));
  CHECK(rolling.store().UnstageGeneration("demo", rolling.Now()).error().reason == Reason::kConflict);
  REQUIRE(rolling.Stage("third"));
  const auto generations = rolling.Generations();
  CHECK(generations.at(GenerationState::kActive).generation_number == 1);
  CHECK(generations.at(GenerationState::kRetired).generation_number == 2);
  CHECK(generations.at(GenerationState::kNext).generation_number == 3);
}

TEMPLATE_TEST_CASE("what an older active generation signed is not staged", "[store][rollover]", MemoryStores,
                   PostgresStores) {
  Rolling<TestType> rolling;
  NextGeneration late;
  late.ca = "demo";
  late.active_generation_id = rolling.Generations().at(GenerationState::kActive).ca_generation_id;
  late.generation = rolling.GenerationOf("late");
  late.next_ca_certificates = "signed";
  REQUIRE(rolling.Stage());
  REQUIRE(rolling.store().ActivateGeneration("demo", rolling.Now()));
  CHECK(rolling.store().StageGeneration(late).error().reason == Reason::kConflict);
}

TEMPLATE_TEST_CASE("RAs are renewed once, and the old ones keep their keys until they are destroyed",
                   "[store][rollover]", MemoryStores, PostgresStores) {
  Rolling<TestType> rolling;
  const auto renewal = rolling.Renewal();
  const auto now = rolling.Now();
  const auto stage = [&] { return rolling.store().StageRegistrationAuthorities(renewal, now); };
  REQUIRE(stage());
  CHECK(stage().error().reason == Reason::kConflict);
  // Those staged are beside the current ones until they were known for long enough.
  CHECK(*rolling.store().PublishRegistrationAuthorities(now - hours(1), now) == 0);
  const auto staged = rolling.Generations().at(GenerationState::kActive).registration_authorities;
  REQUIRE(staged.size() == 3);
  CHECK((staged[0].is_current() && staged[0].certificate == "ra of demo"));
  CHECK((staged[1].state == RegistrationAuthorityState::kNext && staged[2].state == RegistrationAuthorityState::kNext));
  CHECK(*rolling.store().PublishRegistrationAuthorities(now, now) == 2);
  CHECK(*rolling.store().PublishRegistrationAuthorities(now + hours(1), now + hours(1)) == 0);
  CHECK(stage().error().reason == Reason::kConflict);
  const auto renewed = rolling.Generations().at(GenerationState::kActive).registration_authorities;
  REQUIRE(renewed.size() == 3);
  CHECK(renewed[0].usage == RegistrationAuthorityUsage::kSigning);
  CHECK(renewed[0].certificate == "new signing");
  CHECK(renewed[1].usage == RegistrationAuthorityUsage::kEncryption);
  CHECK((renewed[0].is_current() && renewed[1].is_current()));
  CHECK_FALSE(renewed[2].is_current());
  CHECK(renewed[2].certificate == "ra of demo");
  CHECK(renewed[2].sealed_key == "sealed too");

  CHECK(*rolling.store().DestroyRetiredKeys(now) == 0);
  CHECK(*rolling.store().DestroyRetiredKeys(now + hours(1)) == 1);
  CHECK(rolling.Generations().at(GenerationState::kActive).registration_authorities.size() == 2);
}

TEMPLATE_TEST_CASE("staged RAs of a generation that is retired are never published", "[store][rollover]", MemoryStores,
                   PostgresStores) {
  Rolling<TestType> rolling;
  const auto now = rolling.Now();
  REQUIRE(rolling.store().StageRegistrationAuthorities(rolling.Renewal(), now));
  REQUIRE(rolling.Stage());
  REQUIRE(rolling.store().ActivateGeneration("demo", now));
  CHECK(*rolling.store().PublishRegistrationAuthorities(now + hours(1), now + hours(1)) == 0);
  CHECK(*rolling.store().DestroyRetiredKeys(now + hours(1)) == 3);
  CHECK(rolling.Generations().at(GenerationState::kRetired).registration_authorities.empty());
}

TEMPLATE_TEST_CASE("the directory is of one moment while generations follow each other", "[store][rollover]",
                   MemoryStores, PostgresStores) {
  Rolling<TestType> rolling;
  std::atomic<bool> is_done = false;
  std::thread roller([&] {
    for (int i = 0; i < 60; i++) {
      (void)rolling.Stage(std::to_string(i));
      (void)rolling.store().ActivateGeneration("demo", rolling.Now());
    }
    is_done = true;
  });
  int torn = 0, loads = 0;
  while (!is_done) {
    const auto directory = rolling.store().LoadDirectory();
    loads++;
    for (const auto& ca : directory->cas) {
      const bool has_current =
          std::ranges::any_of(ca.registration_authorities, &RegistrationAuthorityRecord::is_current);
      torn += (ca.state != GenerationState::kRetired) == has_current ? 0 : 1;
    }
  }
  roller.join();
  CHECK(loads > 0);
  CHECK(torn == 0);
}

TEMPLATE_TEST_CASE("options change where they are as they were known", "[store]", MemoryStores, PostgresStores) {
  Rolling<TestType> rolling;
  auto& store = rolling.store();
  REQUIRE(store.CreateCa(rolling.NamedCa("another")));
  const auto now = [&] { return rolling.store().LoadDirectory()->cas; };
  CaChange change;
  change.name = "DEMO";
  change.known_options = now()[1].options;
  change.options = R"({"max_skew": 300})";
  change.is_active = false;
  REQUIRE(store.UpdateCa(change));
  CHECK(now()[1].options == R"({"max_skew": 300})");
  CHECK_FALSE(now()[1].is_active);
  CHECK(now()[1].is_default);
  CHECK(now()[0].options == "{}");
  CHECK(store.UpdateCa(change).error().reason == Reason::kConflict);

  const auto policy = store.ApplyPolicy({"other", R"({"name": "other"})", "alice"});
  change = {};
  change.name = "another";
  change.known_options = change.options = "{}";
  change.make_default = true;
  change.policy = "OTHER";
  REQUIRE(store.UpdateCa(change));
  CHECK(now()[0].policy_id == policy->policy_id);
  CHECK((now()[0].is_default && !now()[1].is_default));
  CHECK((now()[0].is_active && !now()[1].is_active));
  change.policy = "nowhere";
  CHECK(store.UpdateCa(change).error().reason == Reason::kNotFound);
  change.name = "nobody";
  CHECK(store.UpdateCa(change).error().reason == Reason::kNotFound);
}

TEMPLATE_TEST_CASE("CRLs are due for every generation while its certificate lasts", "[store][rollover]", MemoryStores,
                   PostgresStores) {
  Rolling<TestType> rolling;
  REQUIRE(rolling.Stage());
  REQUIRE(rolling.store().ActivateGeneration("demo", rolling.Now()));
  CHECK(rolling.store().DueCrls(rolling.Now())->size() == 2);
  CHECK(rolling.store().DueCrls(rolling.Now() + hours(25))->empty());
}

TEMPLATE_TEST_CASE("a pending request remembers the next generation that it was addressed to", "[store][rollover]",
                   MemoryStores, PostgresStores) {
  Rolling<TestType> rolling;
  REQUIRE(rolling.Stage());
  const auto next = rolling.Generations().at(GenerationState::kNext).ca_generation_id;
  auto request = rolling.Pending("tx-1");
  request.ca_generation_id = next;
  const auto recorded = rolling.Record(request);
  REQUIRE(recorded);
  CHECK(rolling.store().GetRequest(recorded->request_id)->ca_generation_id == next);
  const auto usual = rolling.Record(rolling.Pending("tx-2"));
  REQUIRE(usual);
  CHECK_FALSE(rolling.store().GetRequest(usual->request_id)->ca_generation_id);
}

}  // namespace
}  // namespace store_test
