#include "ctl/command_line.h"

#include <catch2/catch.hpp>
#include <sstream>

namespace {

struct Run {
  explicit Run(const std::vector<std::string>& arguments) : parsed(ctl::ParseCommandLine(arguments, out, err)) {}
  std::ostringstream out, err;
  std::variant<ctl::Invocation, ctl::ExitCode> parsed;

  const ctl::Invocation& invocation() const {
    INFO(err.str());
    REQUIRE(std::holds_alternative<ctl::Invocation>(parsed));
    return std::get<ctl::Invocation>(parsed);
  }
  ctl::ExitCode code() const {
    REQUIRE(std::holds_alternative<ctl::ExitCode>(parsed));
    return std::get<ctl::ExitCode>(parsed);
  }
  template <class Command>
  const Command& As() const {
    return std::get<Command>(invocation().command);
  }
};

}  // namespace

TEST_CASE("a name is taken with and without its flag", "[ctl][command-line]") {
  CHECK(Run({"ca", "create", "demo"}).As<ctl::CaCreate>().name == "demo");
  CHECK(Run({"ca", "create", "--name", "demo"}).As<ctl::CaCreate>().name == "demo");
  CHECK(Run({"entity", "create", "--name", "demo"}).As<ctl::EntityCreate>().name == "demo");
}

TEST_CASE("a name that is also a noun or a verb stays a name", "[ctl][command-line]") {
  CHECK(Run({"ca", "create", "list"}).As<ctl::CaCreate>().name == "list");
  CHECK(Run({"entity", "create", "request"}).As<ctl::EntityCreate>().name == "request");
}

TEST_CASE("global flags are taken before and after noun and verb", "[ctl][command-line]") {
  for (const auto& line : std::vector<std::vector<std::string>>{{"--json", "--server", "h:1", "ca", "list"},
                                                                {"ca", "--json", "--server", "h:1", "list"},
                                                                {"ca", "list", "--json", "--server", "h:1"}}) {
    const Run run(line);
    CHECK(run.invocation().global.is_json);
    CHECK(run.invocation().global.server == "h:1");
  }
}

TEST_CASE("entity set tells an empty text from none", "[ctl][command-line]") {
  const Run run({"entity", "set", "router-7", "--description", "", "--san", "dns:a.example", "--alternative-name",
                 "ip:192.0.2.1", "--attribute", "a=1", "--attribute", "b=2", "--remove-attribute", "c"});
  const auto& set = run.As<ctl::EntitySet>();
  CHECK(set.name == "router-7");
  CHECK(set.description == "");
  CHECK_FALSE(set.subject);
  CHECK(set.alternative_names == std::vector<std::string>{"dns:a.example", "ip:192.0.2.1"});
  CHECK(set.attributes == std::vector<std::string>{"a=1", "b=2"});
  CHECK(set.removed_attributes == std::vector<std::string>{"c"});
}

TEST_CASE("a key is named by its reference number, and its value only by a file", "[ctl][command-line]") {
  CHECK(Run({"key", "show", "8M2K4X7Q"}).As<ctl::KeyShow>().reference_number == "8M2K4X7Q");
  CHECK(Run({"key", "disable", "--reference", "8M2K4X7Q"}).As<ctl::KeyDisable>().reference_number == "8M2K4X7Q");
  CHECK(Run({"key", "rekey", "8M2K4X7Q", "--value-from", "-"}).As<ctl::KeyRekey>().value_file == "-");
  CHECK(Run({"key", "rekey", "8M2K4X7Q", "secret"}).code() == ctl::ExitCode::kUsage);
  CHECK(Run({"key", "create", "--entity", "e", "--ca", "demo", "--value", "secret"}).code() == ctl::ExitCode::kUsage);
}

TEST_CASE("ca set takes options, resets and what else changes of a CA", "[ctl][command-line]") {
  const Run run({"ca", "set", "demo", "max-skew=300", "legacy-des=on", "--reset", "chain", "--reset", "sha1",
                 "--policy", "manual", "--disable", "--default"});
  const auto& set = run.As<ctl::CaSet>();
  CHECK(set.name == "demo");
  CHECK(set.options == std::vector<std::string>{"max-skew=300", "legacy-des=on"});
  CHECK(set.reset == std::vector<std::string>{"chain", "sha1"});
  CHECK(set.policy == "manual");
  CHECK((set.is_disabled && set.is_default && !set.is_enabled));
  CHECK(Run({"ca", "set", "demo", "--enable", "--disable"}).code() == ctl::ExitCode::kUsage);
}

TEST_CASE("a CA is made in every shape and rolled over by name", "[ctl][command-line]") {
  const Run made({"ca", "create", "low", "--ra", "split", "--issuer", "root"});
  CHECK(made.As<ctl::CaCreate>().registration_authority == "split");
  CHECK(made.As<ctl::CaCreate>().issuer == "root");
  CHECK(Run({"ca", "stage", "demo", "--key-algorithm", "rsa-4096", "--days", "10"}).As<ctl::CaStage>().days == 10);
  CHECK(Run({"ca", "activate", "demo"}).As<ctl::CaActivate>().name == "demo");
  CHECK(Run({"ca", "unstage", "demo"}).As<ctl::CaUnstage>().name == "demo");
  CHECK(Run({"ca", "activate"}).code() == ctl::ExitCode::kUsage);
}

TEST_CASE("key create takes every setting", "[ctl][command-line]") {
  const Run run({"key", "create", "--entity", "router-7", "--ca", "demo", "--uses", "3", "--expires", "30d", "--policy",
                 "routers", "--subject", "CN=router-7,O=A", "--san", "dns:a.example", "--san", "ip:192.0.2.1"});
  const auto& key = run.As<ctl::KeyCreate>();
  CHECK(key.entity == "router-7");
  CHECK(key.ca == "demo");
  CHECK(key.uses == 3);
  CHECK(key.expires == "30d");
  CHECK(key.policy == "routers");
  CHECK(key.subject == "CN=router-7,O=A");
  CHECK(key.alternative_names == std::vector<std::string>{"dns:a.example", "ip:192.0.2.1"});
}

TEST_CASE("a list is watched at an interval that is said, and never without being told to", "[ctl][command-line]") {
  const Run run({"request", "list", "--watch", "--watch-interval", "5s"});
  CHECK(run.As<ctl::RequestList>().watch.is_on);
  CHECK(run.As<ctl::RequestList>().watch.interval == "5s");
  CHECK_FALSE(Run({"request", "list"}).As<ctl::RequestList>().watch.is_on);
  CHECK(Run({"request", "list", "--watch-interval", "5s"}).code() == ctl::ExitCode::kUsage);
}

TEST_CASE("lists take a search, and a request's fingerprint stands alone", "[ctl][command-line]") {
  const Run run({"certificate", "list", "--search", "+gw-1* -test", "--some", "--status", "revoked"});
  CHECK(run.As<ctl::CertificateList>().search.terms == "+gw-1* -test");
  CHECK(run.As<ctl::CertificateList>().search.is_some);
  CHECK(run.As<ctl::CertificateList>().status == "revoked");
  CHECK(Run({"entity", "list", "--search=-test"}).As<ctl::EntityList>().search.terms == "-test");
  CHECK(Run({"request", "list", "--some"}).code() == ctl::ExitCode::kUsage);
  CHECK(Run({"request", "list", "--search", "a", "--fingerprint", "b"}).code() == ctl::ExitCode::kUsage);
}

TEST_CASE("scep set takes every setting, and tells one that is emptied from one that is left out",
          "[ctl][command-line]") {
  const Run run({"scep", "set", "--listen", "", "--domain-name", "pki.example", "--description", "hall 2", "--disable",
                 "--allow", "poll", "--refuse", "renewal", "--refuse", "GetCRL", "--if-version", "7", "--wait", "0s"});
  const auto& set = run.As<ctl::ScepSet>();
  CHECK(set.listen == "");
  CHECK(set.domain_name == "pki.example");
  CHECK(set.description == "hall 2");
  CHECK(set.is_disabled);
  CHECK(set.allowed == std::vector<std::string>{"poll"});
  CHECK(set.refused == std::vector<std::string>{"renewal", "GetCRL"});
  CHECK(set.expected_version == 7);
  CHECK(set.wait == "0s");
  const Run nothing({"scep", "set", "--enable"});
  CHECK_FALSE(nothing.As<ctl::ScepSet>().listen);
  CHECK(nothing.As<ctl::ScepSet>().is_enabled);
  CHECK(Run({"scep", "set", "--enable", "--disable"}).code() == ctl::ExitCode::kUsage);
}

TEST_CASE("request approve wants the fingerprint", "[ctl][command-line]") {
  const Run run({"request", "approve", "17", "--fingerprint", "2C0CACE7 D3F299ED"});
  CHECK(run.As<ctl::RequestApprove>().id == "17");
  CHECK(run.As<ctl::RequestApprove>().fingerprint == "2C0CACE7 D3F299ED");
  CHECK(Run({"request", "approve", "17"}).code() == ctl::ExitCode::kUsage);
}

TEST_CASE("a line that makes no sense is a usage error with a way on", "[ctl][command-line]") {
  const auto line = GENERATE(
      std::vector<std::string>{}, std::vector<std::string>{"ca"}, std::vector<std::string>{"ca", "destroy"},
      std::vector<std::string>{"ca", "list", "--fast"}, std::vector<std::string>{"key", "create", "--entity", "a"},
      std::vector<std::string>{"request", "list", "--limit", "0"}, std::vector<std::string>{"ca", "create", "a", "b"});
  const Run run(line);
  CHECK(run.code() == ctl::ExitCode::kUsage);
  CHECK(run.out.str().empty());
  CHECK(run.err.str().find("--help") != std::string::npos);
}

TEST_CASE("with --json a usage error is JSON", "[ctl][command-line]") {
  const Run run({"--json", "ca", "destroy"});
  CHECK(run.code() == ctl::ExitCode::kUsage);
  CHECK(run.err.str().starts_with("{\"error\":{\"reason\":\"malformed\""));
}

TEST_CASE("policy commands take their versions and files", "[ctl][command-line]") {
  CHECK_FALSE(Run({"policy", "apply", "a.yaml"}).As<ctl::PolicyApply>().expected_version);
  CHECK(Run({"policy", "apply", "-", "--if-version", "0"}).As<ctl::PolicyApply>().expected_version == 0);
  CHECK(Run({"policy", "apply", "-"}).As<ctl::PolicyApply>().file == "-");
  CHECK(Run({"policy", "get", "default"}).As<ctl::PolicyGet>().format == "yaml");
  const Run got({"policy", "get", "default", "--version", "3", "-o", "json"});
  CHECK(got.As<ctl::PolicyGet>().version == 3);
  CHECK(got.As<ctl::PolicyGet>().format == "json");
  CHECK(Run({"policy", "get", "default", "-o", "xml"}).code() == ctl::ExitCode::kUsage);
  CHECK(Run({"policy", "get", "default", "--version", "0"}).code() == ctl::ExitCode::kUsage);
  CHECK(Run({"policy", "diff", "default", "--version", "1", "--with", "2"}).As<ctl::PolicyDiff>().with == 2);
  CHECK(Run({"policy", "diff", "default", "--file", "a"}).As<ctl::PolicyDiff>().file == "a");
  CHECK(Run({"policy", "diff", "default", "--file", "a", "--with", "2"}).code() == ctl::ExitCode::kUsage);
  CHECK(Run({"policy", "rollback", "default"}).code() == ctl::ExitCode::kUsage);
  CHECK(Run({"policy", "rollback", "default", "--to", "3"}).As<ctl::PolicyRollback>().version == 3);
  CHECK(Run({"policy", "history", "default", "--limit", "7"}).As<ctl::PolicyHistory>().limit == 7);
}

TEST_CASE("policy test and policy replay take what they try", "[ctl][command-line]") {
  const Run run({"policy", "test", "--ca", "demo", "--csr", "a.csr", "--key", "7QK2M4XA", "--policy", "a.yaml",
                 "--signer", "a.crt", "--renewal-req", "--call-webhooks"});
  const auto& test = run.As<ctl::PolicyTest>();
  CHECK((test.ca == "demo" && test.request_file == "a.csr" && test.reference_number == "7QK2M4XA"));
  CHECK((test.file == "a.yaml" && test.signer_file == "a.crt" && test.is_renewal_req && test.calls_webhooks));
  CHECK(Run({"policy", "test", "--ca", "demo"}).code() == ctl::ExitCode::kUsage);
  CHECK(Run({"policy", "test", "--ca", "a", "--csr", "b", "--key", "c", "--entity", "d"}).code() ==
        ctl::ExitCode::kUsage);
  const Run again({"policy", "replay", "--policy", "-", "--ca", "demo", "--since", "7d", "--all", "--limit", "3"});
  const auto& replay = again.As<ctl::PolicyReplay>();
  CHECK((replay.file == "-" && replay.ca == "demo" && replay.since == "7d" && replay.is_all && replay.limit == 3));
  CHECK(Run({"policy", "replay", "--policy", "-"}).As<ctl::PolicyReplay>().since == "30d");
}

TEST_CASE("doctor takes a URL and what to try it with", "[ctl][command-line]") {
  const Run run({"doctor", "http://a/scep", "--ca", "plant", "--challenge-file", "key.txt", "--fingerprint", "AA:BB",
                 "--subject", "CN=x", "--timeout", "3s", "--json"});
  const auto& doctor = run.As<ctl::Doctor>();
  CHECK(doctor.target == "http://a/scep");
  CHECK(doctor.ca == "plant");
  CHECK(doctor.challenge_file == "key.txt");
  CHECK(doctor.fingerprint == "AA:BB");
  CHECK(doctor.subject == "CN=x");
  CHECK(run.invocation().global.timeout == "3s");
  CHECK(run.invocation().global.is_json);
  CHECK(Run({"doctor"}).code() == ctl::ExitCode::kUsage);
  CHECK(Run({"doctor", "--help"}).out.str().find("Example: certifierctl doctor tx-4711\n") != std::string::npos);
}

TEST_CASE("certificate revoke takes every setting", "[ctl][command-line]") {
  const Run run({"certificate", "revoke", "5f3a", "--ca", "demo", "--reason", "superseded", "--invalidity-date", "2d",
                 "--comment", "replaced"});
  const auto& revoke = run.As<ctl::CertificateRevoke>();
  CHECK(revoke.details.serial_number == "5f3a");
  CHECK(revoke.details.ca == "demo");
  CHECK(revoke.details.invalidity_date == "2d");
  CHECK(revoke.details.comment == "replaced");
  CHECK(revoke.reason == "superseded");
  CHECK(Run({"certificate", "suspend", "5f3a", "--comment", "c"}).As<ctl::CertificateSuspend>().details.comment == "c");
  CHECK(Run({"certificate", "reactivate", "5f3a"}).As<ctl::CertificateReactivate>().serial_number == "5f3a");
  CHECK(Run({"certificate", "suspend", "5f3a", "--reason", "superseded"}).code() == ctl::ExitCode::kUsage);
  CHECK(Run({"certificate", "revoke"}).code() == ctl::ExitCode::kUsage);
  CHECK(Run({"crl", "show", "demo"}).As<ctl::CrlShow>().ca == "demo");
}
