#include <map>
#include <nlohmann/json.hpp>

#include "certifier/v1/ca.grpc.pb.h"
#include "certifier/v1/pre_shared_key.grpc.pb.h"
#include "ctl/commands.h"
#include "ctl/device_list.h"
#include "ctl/key_sheet.h"
#include "ctl/mint_files.h"
#include "ctl/scep_view.h"
#include "service/status_mapping.h"

namespace ctl {

namespace v1 = certifier::v1;

namespace {

using result::Fail;
using result::Reason;

// What one call carries: the engine takes 500 items, and both services 1 MiB.
constexpr std::size_t kItemsOfCall = 500, kOctetsOfCall = 512 << 10;
constexpr std::size_t kMostFaultsShown = 10;

const std::vector<std::string> kHeader = {"entity", "ca", "reference_number", "key", "uses", "not_before", "expires"};
enum Column : std::size_t { kEntity, kCa, kReference, kKey, kUses, kNotBefore, kExpires };

using Fingerprints = std::map<std::string, v1::Fingerprints>;

// MintRun makes the keys of one list and keeps the sheet.
class MintRun {
 public:
  MintRun(Session& session, Output& output, const KeyMint& command, MintFiles files)
      : session_(session), output_(output), command_(command), files_(std::move(files)) {}

  result::Result<void> Run(const std::vector<ListedDevice>& devices);

 private:
  result::Result<void> Continue(const std::vector<ListedDevice>& devices);
  result::Result<void> MintFrom(const std::vector<ListedDevice>& devices);
  v1::MintPreSharedKeysRequest CallFor(const std::vector<ListedDevice>& devices) const;
  result::Result<void> Keep(const std::vector<ListedDevice>& devices, const v1::MintPreSharedKeysResponse& response);
  result::Result<Fingerprints> FindCas(const std::vector<ListedDevice>& devices);
  result::Result<void> Print(const Fingerprints& cas) const;
  void ShowProgress(std::size_t total);

  Session& session_;
  Output& output_;
  const KeyMint& command_;
  MintFiles files_;
  std::size_t done_ = 0;       // Rows in the sheet.
  std::size_t tenths_ = 0;     // That were told.
  std::size_t continued_ = 0;  // Of them, those of earlier runs.
};

result::Error ErrorOfFaults(const v1::MintPreSharedKeysResponse& response, const std::vector<ListedDevice>& devices) {
  result::Error error{service::FromErrorDetail(response.faults(0).error()).reason, ""};
  for (int i = 0; i < response.faults_size() && i < static_cast<int>(kMostFaultsShown); ++i) {
    const v1::PreSharedKeyFault& fault = response.faults(i);
    const std::string line =
        fault.item() < devices.size() ? std::to_string(devices[fault.item()].line) : std::string("?");
    error.detail += (i == 0 ? "line " : "; line ") + line + ": " + (fault.field().empty() ? "" : fault.field() + ": ") +
                    fault.error().message();
  }
  if (response.faults_size() > static_cast<int>(kMostFaultsShown)) {
    error.detail += "; and " + std::to_string(response.faults_size() - kMostFaultsShown) + " more";
  }
  return error;
}

// The keys of an interrupted run stand at the beginning of the list.
result::Result<void> MintRun::Continue(const std::vector<ListedDevice>& devices) {
  ASSIGN_OR_RETURN(const auto rows, files_.Rows());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].fields.size() != kHeader.size() || i >= devices.size() ||
        rows[i].fields[kEntity] != devices[i].item.entity() || rows[i].fields[kCa] != devices[i].item.ca()) {
      return Fail(Reason::kConflict, "the list is not the one that " + command_.out + " was begun with: see line " +
                                         std::to_string(rows[i].line) + " of the sheet");
    }
  }
  done_ = continued_ = rows.size();
  if (files_.is_complete() && done_ != devices.size()) {
    return Fail(Reason::kConflict, command_.out + " is complete, and the list is longer");
  }
  return {};
}

v1::MintPreSharedKeysRequest MintRun::CallFor(const std::vector<ListedDevice>& devices) const {
  v1::MintPreSharedKeysRequest request;
  request.set_batch_token(std::string(files_.token().Reveal()));
  request.set_first_item(static_cast<std::uint32_t>(done_));
  request.set_create_entities(command_.creates_entities);
  std::size_t octets = 0;
  for (std::size_t i = done_; i < devices.size() && i < done_ + kItemsOfCall; ++i) {
    octets += devices[i].item.ByteSizeLong();
    if (octets > kOctetsOfCall && i > done_) break;
    *request.add_items() = devices[i].item;
  }
  return request;
}

result::Result<void> MintRun::Keep(const std::vector<ListedDevice>& devices,
                                   const v1::MintPreSharedKeysResponse& response) {
  std::string rows;
  for (int i = 0; i < response.keys_size(); ++i) {
    const v1::MintedPreSharedKey& key = response.keys(i);
    const v1::PreSharedKeyItem& item = devices[done_ + static_cast<std::size_t>(i)].item;
    rows += WriteCsv({item.entity(), item.ca(), key.reference_number(), key.key(), std::to_string(key.use_limit()),
                      FormatTime(ToTime(key.not_before())), FormatTime(ToTime(key.expires_at()))});
  }
  const auto kept = files_.Append(rows);
  pki::Wipe(rows);
  RETURN_IF_ERROR(kept);
  done_ += static_cast<std::size_t>(response.keys_size());
  return {};
}

// On a terminal a bar, else a line for each tenth.
void MintRun::ShowProgress(std::size_t total) {
  constexpr std::size_t kBarWidth = 40, kTenths = 10;
  const std::string count = std::to_string(done_) + " of " + std::to_string(total) + " keys";
  if (output_.width() > 0) {
    const std::size_t filled = kBarWidth * done_ / total;
    output_.Progress("[" + std::string(filled, '#') + std::string(kBarWidth - filled, ' ') + "] " + count);
  } else if (const std::size_t tenths = kTenths * done_ / total; tenths != std::exchange(tenths_, tenths)) {
    output_.Note(count);
  }
}

result::Result<void> MintRun::MintFrom(const std::vector<ListedDevice>& devices) {
  while (done_ < devices.size()) {
    const auto request = CallFor(devices);
    ASSIGN_OR_RETURN(const auto response, session_.Call(&v1::PreSharedKeyService::Stub::MintPreSharedKeys, request));
    if (response.faults_size() > 0) return tl::unexpected<result::Error>(ErrorOfFaults(response, devices));
    if (response.keys_size() != request.items_size()) {
      return Fail(Reason::kInternal, "the engine made another number of keys than were asked for");
    }
    RETURN_IF_ERROR(Keep(devices, response));
    ShowProgress(devices.size());
  }
  return {};
}

result::Result<Fingerprints> MintRun::FindCas(const std::vector<ListedDevice>& devices) {
  Fingerprints cas;
  for (const ListedDevice& device : devices) {
    const std::string& name = device.item.ca();
    if (cas.contains(name)) continue;
    v1::GetCaRequest request;
    request.set_name(name);
    ASSIGN_OR_RETURN(const auto response, session_.Call(&v1::CaService::Stub::GetCa, request));
    cas[name] = response.ca().fingerprints();
  }
  return cas;
}

result::Result<void> MintRun::Print(const Fingerprints& cas) const {
  ASSIGN_OR_RETURN(const auto rows, files_.Rows());
  std::vector<PrintedKey> keys;
  for (const CsvRecord& row : rows) {
    const auto& fields = row.fields;
    keys.push_back({fields[kEntity], UrlFor(command_.url, fields[kCa]), fields[kCa], cas.at(fields[kCa]), fields[kKey],
                    fields[kReference], fields[kExpires]});
  }
  ASSIGN_OR_RETURN(const std::string html, PrintSheets(keys));
  return WriteWhole(command_.print, html);
}

result::Result<void> MintRun::Run(const std::vector<ListedDevice>& devices) {
  RETURN_IF_ERROR(Continue(devices));
  Fingerprints cas;
  if (!command_.print.empty()) {
    ASSIGN_OR_RETURN(cas, FindCas(devices));
  }
  if (continued_ > 0) output_.Note("Continuing: " + std::to_string(continued_) + " keys are in the sheet already.");
  const auto minted = MintFrom(devices);
  output_.Progress("");
  if (!minted) {
    output_.Note("The sheet has " + std::to_string(done_) + " of " + std::to_string(devices.size()) +
                 " keys. Run the same command again to continue.");
    return minted;
  }
  if (!command_.print.empty()) RETURN_IF_ERROR(Print(cas));
  RETURN_IF_ERROR(files_.Finish());
  if (output_.is_json()) {
    output_.Text(nlohmann::ordered_json(
                     {{"keys", done_}, {"made_before", continued_}, {"sheet", command_.out}, {"print", command_.print}})
                     .dump(2, ' ', true, nlohmann::json::error_handler_t::replace));
    return {};
  }
  output_.Values({{"keys", std::to_string(done_)}, {"sheet", command_.out}, {"to print", command_.print}});
  output_.Note("The sheet is the only place where the keys are: nothing can show them again.");
  return {};
}

}  // namespace

result::Result<void> Run(Session& session, Output& output, const KeyMint& command) {
  if (command.print.empty() && !command.url.empty()) return Fail(Reason::kMalformed, "--url is for --print");
  if (command.print == command.out) return Fail(Reason::kMalformed, "--print and --out name one file");
  KeyMint complete = command;
  if (!command.print.empty() && command.url.empty()) {
    ASSIGN_OR_RETURN(complete.url, EnrollmentUrl(session));
    if (complete.url.empty()) {
      return Fail(Reason::kMalformed,
                  "--print needs the URL that devices are given: --url, or certifierctl scep set --domain-name NAME");
    }
  }
  ASSIGN_OR_RETURN(const std::string text, ReadWhole(command.from, kMaxCsvOctets));
  // Before anything is written: what is wrong with the list leaves no file behind.
  auto checked = ReadDeviceList(text, command, output.now());
  if (!checked) return result::Wrap(command.from, std::move(checked).error());
  ASSIGN_OR_RETURN(auto files, MintFiles::Open(command.out, kHeader, output.now()));
  auto devices = ReadDeviceList(text, command, files.began());
  if (!devices) return result::Wrap(command.from, std::move(devices).error());
  output.Note("If this is interrupted, run the same command again: it continues, and makes no key twice.");
  return MintRun(session, output, complete, std::move(files)).Run(*devices);
}

}  // namespace ctl
