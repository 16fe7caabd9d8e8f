// The directory that gateways watch, where it is larger than one message.

#include <catch2/catch.hpp>
#include <set>

#include "certifier/v1/ca_directory.grpc.pb.h"
#include "engine_fixture.h"

namespace engine_test {

namespace {

// Octets; a message ends with the CA that passes 128 KiB, and no CA here has a tenth of that.
constexpr std::size_t kMostMessageOctets = 140 * 1024, kLeastMessageOctets = 128 * 1024;

// Keys take long to make, so all CAs share those of "demo": they are bound to their certificates, not to a name.
constexpr char kCopyDemo[] = R"(
  WITH demo AS (SELECT g.* FROM ca_generations g JOIN cas USING (ca_id) WHERE name = 'demo'),
  copies AS (
    INSERT INTO cas (name, status, policy_id, is_default, created_at, created_by)
    SELECT 'copy-' || n, status, policy_id, false, created_at, created_by FROM cas, generate_series(1, 150) n
    RETURNING ca_id),
  generations AS (
    INSERT INTO ca_generations (ca_id, state, key_algorithm, certificate, sealed_key, not_before, not_after,
                                generation_number, registration_authority)
    SELECT copies.ca_id, state, key_algorithm, certificate, sealed_key, not_before, not_after, generation_number,
           registration_authority FROM demo, copies
    RETURNING ca_generation_id)
  INSERT INTO registration_authorities (ca_generation_id, state, certificate, sealed_key, not_after, usage)
  SELECT generations.ca_generation_id, state, certificate, sealed_key, not_after, usage
  FROM registration_authorities, generations)";

}  // namespace

TEST_CASE_METHOD(EngineFixture, "a directory that is larger than a message comes in pieces, each CA once",
                 "[engine][directory]") {
  auto engine = StartReady();
  MakeCa(*engine);
  engine->Stop();
  Execute(database(), kCopyDemo);
  engine = StartReady();
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  v1::CaDirectoryService::Stub stub(Channel(*engine, Role::kGateway));
  const auto watch = stub.Watch(&context, v1::WatchRequest());
  std::vector<v1::WatchResponse> pieces;
  do {
    REQUIRE(watch->Read(&pieces.emplace_back()));
  } while (pieces.back().has_more());
  context.TryCancel();

  REQUIRE(pieces.size() > 2);
  std::multiset<std::string> names;
  for (const auto& piece : pieces) {
    CHECK(piece.version() == pieces.front().version());
    CHECK(piece.ByteSizeLong() < kMostMessageOctets);
    if (piece.has_more()) CHECK(piece.ByteSizeLong() >= kLeastMessageOctets);
    for (const auto& ca : piece.cas()) {
      names.insert(ca.name());
      CHECK(ca.active().registration_authorities_size() == 1);
    }
  }
  CHECK(names.size() == 151);
  CHECK(std::set<std::string>(names.begin(), names.end()).size() == 151);
}

}  // namespace engine_test
