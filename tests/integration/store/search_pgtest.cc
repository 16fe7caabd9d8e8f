// Lists and searches of requests, certificates, keys and entities.
#include "store/search.h"
#include "store_fixture.h"

namespace store_test {
namespace {

using Names = std::vector<std::string>;

// SearchBench has requests of several names, the newest last.
class SearchBench : public Bench<PostgresStores> {
 public:
  SearchBench() {
    Add("tx-1", "CN=gw-17.branch.example,O=Acme", {"dns:gw-17.branch.example", "ip:192.0.2.17"});
    Add("tx-2", "CN=gw-18.branch.example,O=Acme Werke", {"dns:gw-18.branch.example"});
    Add("tx-3", "CN=phone-17,O=Zoë & Söhne,L=a\\+b\\'c", {"email:admin@phones.example"});
  }
  std::int64_t Add(const std::string& transaction, const std::string& subject, Names names) {
    NewRequest request = Pending(transaction);
    request.identity.requester_key = DigestOf("requester of " + transaction);
    request.subject = subject;
    request.subject_alternative_names = std::move(names);
    const auto outcome = Record(request);
    REQUIRE(outcome);
    REQUIRE(outcome->kind == Kind::kRecorded);
    return outcome->request_id;
  }
  // The transactionIDs of what is found, in its order.
  Names Found(const RequestFilter& filter, Page page = {}) {
    const auto found = stores.administration().ListRequests(filter, page);
    INFO((found ? "" : found.error().detail));
    REQUIRE(found);
    Names names;
    for (const auto& request : *found) names.push_back(request.transaction_id);
    return names;
  }
  Names With(Names required, Names optional = {}, Names excluded = {}) {
    return Found({.terms = {std::move(required), std::move(optional), std::move(excluded)}});
  }
  Names Certified(const CertificateFilter& filter, Page page = {}) {
    const auto found = stores.administration().ListCertificates(filter, page);
    INFO((found ? "" : found.error().detail));
    REQUIRE(found);
    Names names;
    for (const auto& certificate : *found) names.push_back(certificate.serial_number);
    return names;
  }
  Bytes Issue(const std::string& transaction, const std::string& subject, Names issued_names) {
    NewRequest request = Issued(transaction);
    request.identity.requester_key = DigestOf("requester of " + transaction);
    request.subject = subject;
    request.certificate->names = std::move(issued_names);
    const auto outcome = Record(request);
    REQUIRE(outcome);
    REQUIRE(outcome->kind == Kind::kRecorded);
    return request.certificate->serial_number;
  }
  std::int64_t Ca(const std::string& name) {
    REQUIRE(stores.administration().CreateCa(NamedCa(name)));
    const auto directory = stores.administration().LoadDirectory();
    REQUIRE(directory);
    for (const auto& ca : directory->cas) {
      if (ca.name == name) return ca.ca_id;
    }
    return 0;
  }
  std::string Value(const std::string& sql) {
    pqxx::connection session(stores.settings().connection);
    pqxx::work work(session);
    return work.exec1(sql)[0].as<std::string>("null");
  }
};

}  // namespace

TEST_CASE_METHOD(SearchBench, "a request is found by whole words of its names, in any case", "[store][search]") {
  CHECK(With({"gw-17"}) == Names{"tx-1"});
  CHECK(With({"GW-17.Branch.example"}) == Names{"tx-1"});
  CHECK(With({"branch"}) == Names{"tx-2", "tx-1"});
  CHECK(With({"gw"}).empty());
  CHECK(With({"gw-1"}).empty());
  CHECK(With({"17"}) == Names{"tx-1"});  // Of the address.
  CHECK(With({"192.0.2.17"}) == Names{"tx-1"});
  CHECK(With({"admin@phones.example"}) == Names{"tx-3"});
  CHECK(With({"zoë"}) == Names{"tx-3"});
  CHECK(With({"tx-2"}) == Names{"tx-2"});
  CHECK(With({"192.0.2.7"}) == Names{"tx-3", "tx-2", "tx-1"});  // The source of all.
}

TEST_CASE_METHOD(SearchBench, "of a term all words count, and an asterisk lets the last go on", "[store][search]") {
  CHECK(With({"O=Acme"}) == Names{"tx-2", "tx-1"});
  CHECK(With({"CN=Werke"}) == Names{"tx-2"});
  CHECK(With({"O=nobody"}).empty());
  CHECK(With({"gw-1*"}) == Names{"tx-2", "tx-1"});
  CHECK(With({"O=Wer*"}) == Names{"tx-2"});
  CHECK(With({"phone-*"}) == Names{"tx-3"});
}

TEST_CASE_METHOD(SearchBench, "terms are required, optional or excluded", "[store][search]") {
  CHECK(With({"acme", "gw-18"}) == Names{"tx-2"});
  CHECK(With({"acme", "phone-17"}).empty());
  CHECK(With({}, {"gw-18", "phone-17"}) == Names{"tx-3", "tx-2"});
  CHECK(With({"acme"}, {"gw-18", "phone-17"}) == Names{"tx-2"});
  CHECK(With({"acme"}, {}, {"werke"}) == Names{"tx-1"});
  CHECK(With({}, {}, {"acme"}) == Names{"tx-3"});
  CHECK(With({}, {"gw-17"}, {"gw-17"}).empty());
}

TEST_CASE_METHOD(SearchBench, "no term is more than text to the database", "[store][search]") {
  for (const char* term : {"a'b", "a\\b", "a\\'b", "'; DROP TABLE requests; --", "a&b|c", "!a", "(a", "a:B", "#ca1",
                           "a<->b", "\xe2\x80\xa8x", "a:*"}) {
    INFO(term);
    CHECK(stores.administration().ListRequests({.terms = {{term}, {term}, {term}}}, {}));
    CHECK(stores.administration().ListCertificates({.terms = {{term}, {}, {}}}, {}));
    CHECK(stores.administration().ListEntities({{}, {term}, {}}, {}));
  }
  CHECK(With({std::string(150, 'x')}).empty());
  CHECK(Requests() == 3);
  CHECK(With({"#ca" + std::to_string(ca_id)}).empty());
}

TEST_CASE_METHOD(SearchBench, "a name that is too long for one word is found by its beginning", "[store][search]") {
  Add("tx-long", "CN=" + std::string(3000, 'y') + ",O=" + std::string(600, 'z'), {});
  CHECK(With({std::string(190, 'y') + "*"}) == Names{"tx-long"});
  CHECK(With({std::string(200, 'z')}) == Names{"tx-long"});
}

TEST_CASE_METHOD(SearchBench, "an entity and a key's reference number find what they vouched for", "[store][search]") {
  const auto key = MakeKey();
  REQUIRE(Record(Held("tx-held", key)));
  CHECK(With({"device", Listed(key).reference_number}).size() == 1);
  CHECK(With({Listed(key).reference_number}) == Names{"tx-held"});
}

TEST_CASE_METHOD(SearchBench, "a search keeps to a state and to CAs", "[store][search]") {
  const auto other = Ca("other");
  Issue("tx-issued", "CN=gw-19,O=Acme", {});
  CHECK(Found({.state = RequestState::kIssued, .terms = {{"acme"}, {}, {}}}) == Names{"tx-issued"});
  CHECK(Found({.state = RequestState::kPending, .terms = {{"acme"}, {}, {}}}) == Names{"tx-2", "tx-1"});
  CHECK(Found({.ca = "DEMO", .terms = {{"acme"}, {}, {}}}).size() == 3);
  CHECK(Found({.ca = "other", .terms = {{"acme"}, {}, {}}}).empty());
  CHECK(Found({.ca = "none", .terms = {{"acme"}, {}, {}}}).empty());
  const RequestFilter acme = {.terms = {{"acme"}, {}, {}}};
  CHECK(Found(acme, {.ca_ids = std::vector<std::int64_t>{other}}).empty());
  CHECK(Found(acme, {.ca_ids = std::vector<std::int64_t>{}}).empty());
  CHECK(Found(acme, {.ca_ids = std::vector<std::int64_t>{other, ca_id}}).size() == 3);
  CHECK(Found({.ca = "demo", .terms = {{"acme"}, {}, {}}}, {.ca_ids = std::vector<std::int64_t>{other}}).empty());
  const CertificateFilter certified = {.terms = {{"acme"}, {}, {}}};
  CHECK(Certified(certified).size() == 1);
  CHECK(Certified(certified, {.ca_ids = std::vector<std::int64_t>{other}}).empty());
}

TEST_CASE_METHOD(SearchBench, "pages of a search follow one another, over many ids", "[store][search]") {
  Names expected;
  for (int i = 0; i < 12; ++i) {
    // Ids of far apart, with parts in between that nobody is in.
    Value("SELECT setval('requests_request_id_seq', " + std::to_string(30'000 * (i + 1) + i) + ")");
    const std::string transaction = "far-" + std::to_string(i);
    Add(transaction, i % 2 == 0 ? "CN=far" : "CN=near", {});
    if (i % 2 == 0) expected.insert(expected.begin(), transaction);
  }
  CHECK(With({"far"}) == expected);
  for (const std::uint32_t size : {1U, 2U, 5U, 6U}) {
    Names collected;
    Page page = {.size = size};
    while (true) {
      const auto found = stores.administration().ListRequests({.terms = {{"far"}, {}, {}}}, page);
      REQUIRE(found);
      for (const auto& request : *found) collected.push_back(request.transaction_id);
      if (found->size() < size) break;
      page.before = found->back().request_id;
    }
    CHECK(collected == expected);
  }
}

TEST_CASE_METHOD(SearchBench, "a beginning is found in the newest requests and in all older ones", "[store][search]") {
  // So many parts of 8192 ids, of which the newest few are looked at otherwise than the rest.
  const int parts = GENERATE(1, 3, 4, 5, 6, 8, 12);
  CAPTURE(parts);
  Names expected;
  for (int i = 0; i < parts; ++i) {
    Value("SELECT setval('requests_request_id_seq', " + std::to_string(8192 * (i + 1)) + ")");
    const std::string transaction = "begun-" + std::to_string(i);
    Add(transaction, "CN=branch-" + std::to_string(100 + i), {});
    expected.insert(expected.begin(), transaction);
  }
  CHECK(With({"branch-1*"}) == expected);
  CHECK(With({}, {"branch-1*", "nobody"}) == expected);
  Names rest(expected.begin() + 1, expected.end());
  CHECK(With({"branch-1*"}, {}, {"branch-" + std::to_string(99 + parts)}) == rest);
}

TEST_CASE_METHOD(SearchBench, "a certificate is found by what it has and by what was asked for", "[store][search]") {
  const Bytes same = Issue("tx-same", "CN=same", {"CN=same", "dns:a.example", "ip:192.0.2.1"});
  const Bytes other = Issue("tx-other", "CN=asked", {"CN=given", "dns:given.example"});
  CHECK(Certified({.terms = {{"same"}, {}, {}}}) == Names{same});
  CHECK(Certified({.terms = {{"given.example"}, {}, {}}}) == Names{other});
  CHECK(Certified({.terms = {{"asked"}, {}, {}}}) == Names{other});
  CHECK(With({"given"}) == Names{"tx-other"});
  CHECK(Value("SELECT issued_names FROM requests WHERE transaction_id = 'tx-same'") == "null");
  // A subject may be empty.
  Issue("tx-empty", "", {"", "dns:a.example", "ip:192.0.2.1"});
  CHECK(Value("SELECT issued_names FROM requests WHERE transaction_id = 'tx-empty'") == "null");
  CHECK(Value("SELECT issued_names FROM requests WHERE transaction_id = 'tx-other'") == "{CN=given,dns:given.example}");
}

TEST_CASE_METHOD(SearchBench, "a request that operators approved is found by what it got", "[store][search]") {
  const auto request_id = Add("tx-approved", "CN=asked", {});
  const auto record = stores.administration().GetRequest(request_id);
  REQUIRE(record);
  ApprovedRequest approved;
  approved.request_id = request_id;
  approved.csr_sha256 = record->csr_sha256;
  approved.certificate = Certificate();
  approved.certificate.names = {"CN=edited"};
  approved.policy_version_id = policy_version_id;
  approved.approval = ApprovedBy("alice");
  approved.decision = Decision(request_id);
  const auto done = stores.administration().Approve(approved);
  INFO((done ? "" : done.error().detail));
  REQUIRE(done);
  CHECK(With({"edited"}) == Names{"tx-approved"});
  CHECK(Certified({.terms = {{"asked"}, {}, {}}}).size() == 1);
}

TEST_CASE_METHOD(SearchBench, "certificates are listed and searched by their status", "[store][search]") {
  const Bytes good = Issue("tx-good", "CN=one", {}), revoked = Issue("tx-revoked", "CN=two", {}),
              suspended = Issue("tx-suspended", "CN=three", {});
  auto& administration = stores.administration();
  REQUIRE(administration.Revoke(revoked, "", {pki::CrlReason::kKeyCompromise, std::nullopt, "", "alice"}));
  REQUIRE(administration.Revoke(suspended, "", {pki::CrlReason::kCertificateHold, std::nullopt, "", "alice"}));
  // With a word that all have, and with none.
  const Terms terms = GENERATE(Terms{}, Terms{{"192.0.2.7"}, {}, {}});
  CHECK(Certified({.terms = terms}) == Names{suspended, revoked, good});
  CHECK(Certified({.status = CertificateStatus::kGood, .terms = terms}) == Names{good});
  CHECK(Certified({.status = CertificateStatus::kRevoked, .terms = terms}) == Names{revoked});
  CHECK(Certified({.status = CertificateStatus::kSuspended, .terms = terms}) == Names{suspended});
  CHECK(Certified({.ca = "nobody", .status = CertificateStatus::kRevoked, .terms = terms}).empty());
  CHECK(Certified({.ca = "demo", .status = CertificateStatus::kRevoked, .terms = terms}).size() == 1);
  CHECK(Certified({.status = CertificateStatus::kRevoked, .terms = {{"one"}, {}, {}}}).empty());
}

TEST_CASE_METHOD(SearchBench, "lists merge their CAs and states in the order of their ids", "[store][search]") {
  const auto second = Ca("second");
  Names expected = {"tx-3", "tx-2", "tx-1"};
  for (int i = 0; i < 6; ++i) {
    NewRequest request = Pending("merged-" + std::to_string(i));
    request.identity.requester_key = DigestOf(request.identity.transaction_id);
    if (i % 2 == 0) request.identity.ca_id = second;
    REQUIRE(Record(request)->kind == Kind::kRecorded);
    expected.insert(expected.begin(), request.identity.transaction_id);
  }
  const auto third = stores.administration().ListRequests({}, {})->at(2).request_id;
  REQUIRE(stores.administration().Reject(third, "no", "alice"));
  const std::vector<std::int64_t> both = {ca_id, second};
  CHECK(Found({}) == expected);
  CHECK(Found({}, {.ca_ids = both}) == expected);
  CHECK(Found({}, {.size = 4, .ca_ids = both}) == Names(expected.begin(), expected.begin() + 4));
  CHECK(Found({}, {.before = third, .size = 2, .ca_ids = both}) == Names(expected.begin() + 3, expected.begin() + 5));
  CHECK(Found({.state = RequestState::kRejected}) == Names{expected[2]});
  CHECK(Found({.state = RequestState::kPending}, {.ca_ids = both}).size() == 8);
  CHECK(Found({.ca = "Second"}) == Names{"merged-4", "merged-2", "merged-0"});
  CHECK(Found({.ca = "second"}, {.ca_ids = std::vector<std::int64_t>{ca_id}}).empty());
}

TEST_CASE_METHOD(SearchBench, "entities are found by their name and description", "[store][search]") {
  auto& administration = stores.administration();
  REQUIRE(administration.CreateEntity({"router-17.branch.example", "in the cellar", "test"}));
  REQUIRE(administration.CreateEntity({"router-18.branch.example", "", "test"}));
  const auto found = [&](Terms terms) {
    Names names;
    const auto entities = administration.ListEntities(terms, {}).value();
    for (const auto& entity : entities) names.push_back(entity.name);
    return names;
  };
  CHECK(found({{"router-17"}, {}, {}}) == Names{"router-17.branch.example"});
  CHECK(found({{"branch"}, {}, {"cellar"}}) == Names{"router-18.branch.example"});
  CHECK(found({{}, {"cellar", "device"}, {}}) == Names{"router-17.branch.example", "device"});
  CHECK(found({}).size() == 3);
}

TEST_CASE_METHOD(SearchBench, "keys are listed by CA, the newest first", "[store][search]") {
  const auto other = Ca("other");
  const auto first = MakeKey(), second = MakeKey();
  const auto listed = [&](const std::string& entity, Page page) {
    std::vector<std::int64_t> ids;
    const auto keys = stores.administration().ListKeys(entity, page).value();
    for (const auto& key : keys) ids.push_back(key.pre_shared_key_id);
    return ids;
  };
  using Ids = std::vector<std::int64_t>;
  CHECK(listed("", {}) == Ids{second, first});
  CHECK(listed("", {.size = 1}) == Ids{second});
  CHECK(listed("", {.before = second}) == Ids{first});
  CHECK(listed("", {.ca_ids = Ids{other}}).empty());
  CHECK(listed("DEVICE", {.ca_ids = Ids{ca_id}}) == Ids{second, first});
  CHECK(listed("device", {.ca_ids = Ids{other}}).empty());
  CHECK(listed("nobody", {}).empty());
}

}  // namespace store_test
