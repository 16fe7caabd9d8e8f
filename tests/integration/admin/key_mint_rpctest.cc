#include <catch2/catch.hpp>

#include "ctl_fixture.h"

namespace admin_test {

namespace {

class KeyMintFixture : public CtlFixture {
 public:
  std::string Path(const std::string& name) const { return directory() / name; }
  bool Exists(const std::string& name) const { return std::filesystem::exists(Path(name)); }
  std::string Read(const std::string& name) const {
    std::ifstream file(Path(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Answer Mint(const std::string& list, Words more = {}) {
    Words words = {"key", "mint", "--from", Write("devices.csv", list), "--out", Path("sheet.csv"), "--ca", "demo"};
    words.insert(words.end(), more.begin(), more.end());
    return Run(words);
  }
  // For "unit-0", "unit-1" ...
  static std::string List(int count) {
    std::string list = "entity\n";
    for (int i = 0; i < count; ++i) list += "unit-" + std::to_string(i) + "\n";
    return list;
  }
};

}  // namespace

TEST_CASE_METHOD(KeyMintFixture, "key mint writes a row for each device, and says how far it is", "[ctl][mint]") {
  const Answer answer = Mint(List(1200));
  INFO(answer.err);
  REQUIRE(answer.code == 0);
  const std::string sheet = Read("sheet.csv");
  CHECK(sheet.starts_with("entity,ca,reference_number,key,uses,not_before,expires\nunit-0,demo,R0,K0-"));
  CHECK(std::count(sheet.begin(), sheet.end(), '\n') == 1201);
  CHECK(Has(sheet, "\nunit-1199,demo,R1199,K1199-"));
  CHECK(engine().keys().mint_calls() == 3);
  CHECK(Has(answer.err, "500 of 1200 keys\n"));
  CHECK_FALSE(Has(answer.out + answer.err, "K0-"));
  CHECK_FALSE(Exists("sheet.csv.state"));
  CHECK(engine().journal().callers() == Words(3, CallerNamed("alice")));
}

TEST_CASE_METHOD(KeyMintFixture, "key mint sums up for programs", "[ctl][mint]") {
  const Answer answer = Mint(List(2), {"--json"});
  CHECK(answer.err.empty());
  const json summary = json::parse(answer.out);
  CHECK(summary["keys"] == 2);
  CHECK(summary["made_before"] == 0);
  CHECK(summary["sheet"] == Path("sheet.csv"));
}

TEST_CASE_METHOD(KeyMintFixture, "a run that broke off says how to continue, and does with the same token",
                 "[ctl][mint]") {
  const std::string list = List(500) + "late\n";
  const Answer broken = Mint(list);
  CHECK(broken.code == 6);
  CHECK(Has(broken.err, "500 of 501 keys. Run the same command again"));
  CHECK_FALSE(Exists("sheet.csv"));
  engine().keys().SetLate(false);
  const Answer whole = Mint(list);
  INFO(whole.err);
  CHECK(whole.code == 0);
  CHECK(Has(whole.err, "500 keys are in the sheet already"));
  const std::string sheet = Read("sheet.csv");
  const auto token_of = [&](const std::string& key) {
    const auto at = sheet.find(key) + key.size();
    return sheet.substr(at, sheet.find(',', at) - at);
  };
  CHECK(token_of(",K0-") == token_of(",K500-"));
  CHECK(std::count(sheet.begin(), sheet.end(), '\n') == 502);
}

TEST_CASE_METHOD(KeyMintFixture, "a run is not continued with another list, nor a sheet written over", "[ctl][mint]") {
  CHECK(Mint(List(500) + "late\n").code == 6);
  CHECK(Mint("entity\nsomebody\n").code == 4);
  CHECK(Mint(List(400)).code == 4);
  engine().keys().SetLate(false);
  CHECK(Mint(List(500) + "late\n").code == 0);
  const std::string sheet = Read("sheet.csv");
  CHECK(Mint(List(500) + "late\n").code == 4);
  CHECK(Read("sheet.csv") == sheet);
}

TEST_CASE_METHOD(KeyMintFixture, "a run is not continued for another CA, nor past the end of its sheet",
                 "[ctl][mint]") {
  REQUIRE(Run({"key", "mint", "--from", Write("list.csv", List(500) + "late\n"), "--out", Path("other.csv"), "--ca",
               "demo"})
              .code == 6);
  const auto continued = [&](const std::string& ca) {
    return Run({"key", "mint", "--from", Path("list.csv"), "--out", Path("other.csv"), "--ca", ca});
  };
  CHECK(continued("another").code == 4);
  std::filesystem::rename(Path("other.csv.part"), Path("other.csv"));
  const Answer longer = continued("demo");
  CHECK(longer.code == 4);
  CHECK(Has(longer.err, "is complete, and the list is longer"));
}

TEST_CASE_METHOD(KeyMintFixture, "times of a run that is continued are those that it was begun with", "[ctl][mint]") {
  const std::string list = List(500) + "late\n";
  REQUIRE(Mint(list, {"--expires", "2d"}).code == 6);
  json state = json::parse(Read("sheet.csv.state"));
  state["began"] = 1'700'000'000;
  Write("sheet.csv.state", state.dump());
  engine().keys().SetLate(false);
  REQUIRE(Mint(list, {"--expires", "2d"}).code == 0);
  CHECK(Has(Read("sheet.csv"), "\nlate,demo,R500,"));
  CHECK(Has(Read("sheet.csv"), "2023-11-16 22:13:20Z\n"));
}

TEST_CASE_METHOD(KeyMintFixture, "a call is as long as both services take it, and one device is always in it",
                 "[ctl][mint][bounds]") {
  // As long as a record may be: more than half of 1 MiB.
  std::string header = "entity", row(4096, 'e');
  for (int i = 1; i < 128; ++i) {
    header += ",attribute:a" + std::to_string(i);
    row += "," + std::string(4096, 'v');
  }
  std::string list = header + "\n";
  for (const char* device : {"1", "2", "3"}) list += device + row.substr(1) + "\n";
  const Answer answer = Mint(list);
  INFO(answer.err);
  CHECK(answer.code == 0);
  CHECK(engine().keys().mint_calls() == 3);
}

TEST_CASE_METHOD(KeyMintFixture, "entities are made where the command says so", "[ctl][mint]") {
  REQUIRE(Mint(List(1)).code == 0);
  CHECK_FALSE(engine().keys().created_entities());
  REQUIRE(Run({"key", "mint", "--from", Path("devices.csv"), "--out", Path("more.csv"), "--ca", "demo",
               "--create-entities"})
              .code == 0);
  CHECK(engine().keys().created_entities());
}

TEST_CASE_METHOD(KeyMintFixture, "an engine that forgets a key is not believed", "[ctl][mint]") {
  const Answer answer = Mint("entity\na\nforgotten\nb\n");
  CHECK(answer.code != 0);
  CHECK(Has(answer.err, "another number of keys"));
  CHECK_FALSE(Exists("sheet.csv"));
  CHECK_FALSE(Has(Read("sheet.csv.part"), "\na,"));
}

TEST_CASE_METHOD(KeyMintFixture, "the page to print is not the sheet", "[ctl][mint]") {
  const Answer answer = Mint(List(1), {"--print", Path("sheet.csv"), "--url", "http://pki.example/"});
  CHECK(answer.code == 2);
  CHECK(Has(answer.err, "name one file"));
  CHECK(engine().keys().mint_calls() == 0);
}

TEST_CASE_METHOD(KeyMintFixture, "a bad list is refused before any call, and leaves no file", "[ctl][mint]") {
  const Answer answer = Mint("entity,colour\na,red\n");
  CHECK(answer.code == 2);
  CHECK(Has(answer.err, "line 1: there is no column 'colour'"));
  CHECK(Mint(List(1), {"--print", Path("print.html")}).code == 2);
  CHECK(Run({"key", "mint", "--from", Path("nothing"), "--out", Path("sheet.csv")}).code == 6);
  CHECK(engine().keys().mint_calls() == 0);
  CHECK_FALSE(Exists("sheet.csv.part"));
  CHECK_FALSE(Exists("sheet.csv.state"));
}

TEST_CASE_METHOD(KeyMintFixture, "what the engine finds wrong is told by line", "[ctl][mint]") {
  const Answer answer = Mint("entity,ca\na,demo\n\nb,nowhere\n");
  CHECK(answer.code == 3);
  CHECK(Has(answer.err, "line 4: ca: no CA is named nowhere"));
}

TEST_CASE_METHOD(KeyMintFixture, "--print makes a page for each device", "[ctl][mint]") {
  REQUIRE(Run({"ca", "create", "demo"}).code == 0);
  const Answer answer =
      Mint("entity\nrouter-7\n<b>router-8\n", {"--print", Path("print.html"), "--url", "http://pki.example/scep/{ca}"});
  INFO(answer.err);
  REQUIRE(answer.code == 0);
  const std::string html = Read("print.html");
  CHECK(Has(html, "<h1>router-7</h1>"));
  CHECK(Has(html, "<h1>&lt;b&gt;router-8</h1>"));
  CHECK(Has(html, "http://pki.example/scep/demo<"));
  CHECK(Has(html, "R1"));
  CHECK((std::filesystem::status(Path("print.html")).permissions() & std::filesystem::perms::all) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

}  // namespace admin_test
