#include "ctl/completion_values.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "certifier/v1/ca_options.pb.h"
#include "certifier/v1/certificate.pb.h"
#include "certifier/v1/request.pb.h"
#include "ctl/grant_text.h"
#include "ctl/json_printer.h"
#include "ctl/revocation_reasons.h"
#include "ctl/scep_view.h"

namespace ctl {

namespace v1 = certifier::v1;

namespace {

std::string Hyphenated(std::string name) {
  std::ranges::replace(name, '_', '-');
  return name;
}

std::vector<std::string> NamesOf(const google::protobuf::EnumDescriptor& values) {
  std::vector<std::string> names;
  for (int i = 1; i < values.value_count(); ++i) names.push_back(EnumName(*values.value(i)));
  return names;
}

std::vector<std::string> Reasons() {
  std::vector<std::string> names = RevocationReasonNames();
  std::ranges::transform(names, names.begin(), Hyphenated);
  return names;
}

std::vector<std::string> CaOptionNames() {
  std::vector<std::string> names;
  const auto& options = *v1::CaOptions::descriptor();
  for (int i = 0; i < options.field_count(); ++i) names.push_back(Hyphenated(options.field(i)->name()));
  return names;
}

std::vector<std::string> Operations() {
  std::vector<std::string> names = {"all"};
  const auto& operations = *v1::ScepOperation_descriptor();
  for (int i = 1; i < operations.value_count(); ++i) {
    names.push_back(OperationName(static_cast<v1::ScepOperation>(operations.value(i)->number())));
  }
  return names;
}

}  // namespace

std::vector<ClosedSet> ClosedSets() {
  const std::vector<std::string> algorithms = {"rsa-2048", "rsa-3072", "rsa-4096", "ecdsa-p256", "ecdsa-p384"};
  return {{"ca create", "--key-algorithm", algorithms},
          {"ca create", "--ra", {"combined", "split", "none"}},
          {"ca stage", "--key-algorithm", algorithms},
          {"ca set", "--reset", CaOptionNames()},
          {"request list", "--state", NamesOf(*v1::RequestState_descriptor())},
          {"certificate list", "--status", NamesOf(*v1::CertificateStatus_descriptor())},
          {"certificate revoke", "--reason", Reasons()},
          {"certificate revoke-all", "--reason", Reasons()},
          {"policy get", "--output", {"yaml", "json"}},
          {"scep set", "--allow", Operations()},
          {"scep set", "--refuse", Operations()},
          {"operator create", "--grant", LevelNames()},
          {"operator set", "--grant", LevelNames()},
          {"operator set", "--remove-grant", LevelNames()},
          {"completion", "--shell", {"bash", "zsh"}}};
}

}  // namespace ctl
