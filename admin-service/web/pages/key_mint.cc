#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>

#include "ctl/arguments.h"
#include "ctl/device_list.h"
#include "pki/bytes.h"
#include "pki/secret.h"
#include "web/access.h"
#include "web/form_values.h"
#include "web/pages/key_sheet.h"
#include "web/pages/pages.h"

namespace web {

namespace {

namespace v1 = certifier::v1;
using Keys = v1::PreSharedKeyService::Stub;

constexpr std::size_t kTokenOctets = 32, kMostDevices = 500;
constexpr std::uint32_t kMostUses = 1'000'000, kMostDays = 3650;
constexpr std::chrono::seconds kFormLifetime = std::chrono::hours(12);

using Clock = std::chrono::system_clock;

std::int64_t Now() {
  return std::chrono::floor<std::chrono::seconds>(Clock::now()).time_since_epoch().count();
}

// When the form was shown, which days count from: the same form, sent twice, must ask for the same.
result::Result<std::chrono::sys_seconds> ShownAt(const Request& form) {
  const std::string text = form.Parameter("shown_at");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (is_number && seconds <= Now() && seconds >= Now() - kFormLifetime.count()) {
    return std::chrono::sys_seconds(std::chrono::seconds(seconds));
  }
  return result::Fail(result::Reason::kMalformed, "This form is too old: load the page again.");
}

using Cas = std::map<std::string, v1::Ca>;

// The CAs that this operator may make keys for.
result::Result<Cas> KeyCas(Visit& visit) {
  ASSIGN_OR_RETURN(const auto listed, visit.Call(&v1::CaService::Stub::ListCas, v1::ListCasRequest()));
  Cas cas;
  for (const v1::Ca& ca : listed.cas()) {
    if (May(visit.who, v1::ACCESS_LEVEL_WRITE, ca.name())) cas[ca.name()] = ca;
  }
  return cas;
}

result::Result<Response> ShowForm(Visit& visit, const std::string& batch, Model problems) {
  ASSIGN_OR_RETURN(const Cas cas, KeyCas(visit));
  std::vector<std::string> names;
  for (const auto& [name, ca] : cas) names.push_back(name);
  const Request& form = visit.request;
  const auto value = [&form](const char* name, const char* otherwise) {
    const std::string text = form.Parameter(name);
    return text.empty() ? std::string(otherwise) : text;
  };
  return ShowPage(visit, "key_mint",
                  {{"batch", batch},
                   {"shown_at", value("shown_at", std::to_string(Now()).c_str())},
                   {"devices", value("devices", "")},
                   {"uses", value("uses", "1")},
                   {"days", value("days", "30")},
                   {"creates_entities", form.method == "GET" || !form.Parameter("create_entities").empty()},
                   {"cas", ChoicesOf(names, form.Parameter("ca"))},
                   {"problems", std::move(problems)}},
                  {"Keys for many devices", "entities"});
}

// The list as certifierctl reads it; one without a line of column names is names of entities.
result::Result<std::vector<ctl::ListedDevice>> DevicesOf(const Request& form) {
  ctl::KeyMint command;
  command.ca = form.Parameter("ca");
  ASSIGN_OR_RETURN(command.uses, NumberOf("Uses", form.Parameter("uses"), 1, kMostUses));
  ASSIGN_OR_RETURN(const auto days, NumberOf("Days", form.Parameter("days"), 1, kMostDays));
  command.expires = std::to_string(days) + "d";
  std::string list = form.Parameter("devices");
  const std::string head = list.substr(0, list.find_first_of("\r\n"));
  const bool has_columns = head == "entity" || head.starts_with("entity,") || head.find(",entity") != std::string::npos;
  if (!has_columns) list = "entity\n" + list;
  ASSIGN_OR_RETURN(const auto shown_at, ShownAt(form));
  ASSIGN_OR_RETURN(auto devices, ctl::ReadDeviceList(list, command, shown_at));
  if (devices.size() > kMostDevices) {
    return result::Fail(result::Reason::kMalformed, "At most " + std::to_string(kMostDevices) +
                                                        " devices at once; certifierctl key mint takes more.");
  }
  if (has_columns) return devices;
  for (auto& device : devices) device.line--;
  return devices;
}

Model ProblemsOf(const v1::MintPreSharedKeysResponse& answer, const std::vector<ctl::ListedDevice>& devices) {
  Model problems = Model::array();
  for (const v1::PreSharedKeyFault& fault : answer.faults()) {
    const std::string line = fault.item() < devices.size() ? std::to_string(devices[fault.item()].line) : "?";
    const std::string field = fault.field().empty() ? "" : ", " + fault.field();
    problems.push_back("Line " + line + field + ": " + fault.error().message());
  }
  return problems;
}

// What a sheet says of each key, with a picture that a device's camera reads.
result::Result<Model> SheetsOf(Visit& visit, const v1::MintPreSharedKeysRequest& asked,
                               const v1::MintPreSharedKeysResponse& answer) {
  ASSIGN_OR_RETURN(const Cas cas, KeyCas(visit));
  ASSIGN_OR_RETURN(const auto service, visit.Call(&v1::ScepService::Stub::GetScepService, v1::GetScepServiceRequest()));
  Model sheets = Model::array();
  const int count = std::min(answer.keys_size(), asked.items_size());
  for (int i = 0; i < count; ++i) {
    const v1::PreSharedKeyItem& item = asked.items(i);
    const auto ca = cas.find(item.ca());
    const auto* const fingerprints = ca == cas.end() ? nullptr : &ca->second.fingerprints();
    ASSIGN_OR_RETURN(auto sheet, KeySheet(ModelOf(answer.keys(i)),
                                          {item.entity(), item.ca(), fingerprints, service.enrollment_url()}));
    sheets.push_back(std::move(sheet));
  }
  return sheets;
}

}  // namespace

result::Result<Response> ShowKeyMint(Visit& visit) {
  ASSIGN_OR_RETURN(const auto token, pki::RandomSecret(kTokenOctets));
  return ShowForm(visit, pki::HexLower(token.Reveal()), Model::array());
}

// The form brings the batch's token, so that who sends it twice gets the same keys.
result::Result<Response> MintKeys(Visit& visit) {
  const std::string batch = visit.request.Parameter("batch");
  const auto devices = DevicesOf(visit.request);
  if (!devices) return ShowForm(visit, batch, Model::array({devices.error().detail}));
  v1::MintPreSharedKeysRequest ask;
  ASSIGN_OR_RETURN(*ask.mutable_batch_token(), pki::FromHex(batch));
  ask.set_create_entities(!visit.request.Parameter("create_entities").empty());
  for (const ctl::ListedDevice& device : *devices) *ask.add_items() = device.item;
  ASSIGN_OR_RETURN(const auto answer, visit.Call(&Keys::MintPreSharedKeys, ask));
  if (answer.faults_size() > 0) return ShowForm(visit, batch, ProblemsOf(answer, *devices));
  ASSIGN_OR_RETURN(Model sheets, SheetsOf(visit, ask, answer));
  const std::string count = std::to_string(sheets.size());
  return ShowPage(visit, "key_sheets", {{"sheets", std::move(sheets)}, {"count", count}},
                  {"Keys for many devices", "entities"});
}

}  // namespace web
