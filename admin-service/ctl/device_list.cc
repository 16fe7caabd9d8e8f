#include "ctl/device_list.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "ctl/csv.h"
#include "ctl/terminal_text.h"
#include "pki/extensions.h"
#include "pki/name.h"

namespace ctl {

namespace {

using result::Fail;
using result::Reason;
using Item = certifier::v1::PreSharedKeyItem;

constexpr std::size_t kMostFaults = 10;
constexpr std::uint32_t kMostUses = 1'000'000;
constexpr char kAttributePrefix[] = "attribute:";

result::Result<std::uint32_t> ParseUses(const std::string& text) {
  std::uint32_t uses = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), uses);
  if (error != std::errc() || end != text.data() + text.size() || uses == 0 || uses > kMostUses) {
    return Fail(Reason::kMalformed, "it is a number from 1 to 1000000");
  }
  return uses;
}

result::Result<void> SetAlternativeNames(const std::string& text, Item& item) {
  for (std::size_t at = 0; (at = text.find_first_not_of("; ", at)) != std::string::npos;) {
    const std::string name = text.substr(at, text.find_first_of("; ", at) - at);
    auto parsed = pki::ParseGeneralName(name);
    if (!parsed) return tl::unexpected<result::Error>(std::move(parsed).error());
    item.add_subject_alternative_names(name);
    at += name.size();
  }
  return {};
}

result::Result<void> SetSubject(const std::string& text, Item& item) {
  auto subject = pki::Name::FromString(text);
  if (!subject) return tl::unexpected<result::Error>(std::move(subject).error());
  item.set_subject(text);
  return {};
}

// Set puts one field that is not empty into `item`.
result::Result<void> Set(const std::string& column, const std::string& text, Time now, Item& item) {
  if (TerminalText(text) != text) return Fail(Reason::kMalformed, "it holds characters that cannot be printed");
  if (column == "entity") {
    item.set_entity(text);
  } else if (column == "ca") {
    item.set_ca(text);
  } else if (column == "policy") {
    item.set_policy(text);
  } else if (column == "uses") {
    ASSIGN_OR_RETURN(const std::uint32_t uses, ParseUses(text));
    item.set_use_limit(uses);
  } else if (column == "not_before") {
    ASSIGN_OR_RETURN(const Time time, ParseMoment(text, now));
    *item.mutable_not_before() = ToTimestamp(time);
  } else if (column == "expires") {
    ASSIGN_OR_RETURN(const Time time, ParseMoment(text, now));
    *item.mutable_expires_at() = ToTimestamp(time);
  } else if (column == "subject") {
    return SetSubject(text, item);
  } else if (column == "alternative_names") {
    return SetAlternativeNames(text, item);
  } else {
    (*item.mutable_attributes())[column.substr(sizeof kAttributePrefix - 1)] = text;
  }
  return {};
}

// DeviceListReader gathers what is wrong.
class DeviceListReader {
 public:
  DeviceListReader(const KeyMint& command, Time now) : now_(now) {
    defaults_ = {{"ca", command.ca},
                 {"policy", command.policy},
                 {"not_before", command.not_before},
                 {"expires", command.expires}};
    if (command.uses != 0) defaults_["uses"] = std::to_string(command.uses);
  }

  result::Result<std::vector<ListedDevice>> Read(std::vector<CsvRecord> records);

 private:
  void ReadHeader(const CsvRecord& header);
  void ReadDevice(const CsvRecord& record);
  void Check(const ListedDevice& device);
  void Blame(std::size_t line, const std::string& what) {
    if (faults_++ < kMostFaults) text_ += (text_.empty() ? "line " : "; line ") + std::to_string(line) + ": " + what;
  }

  const Time now_;
  std::map<std::string, std::string> defaults_;
  std::vector<std::string> columns_;
  std::vector<ListedDevice> devices_;
  std::map<std::pair<std::string, std::string>, std::size_t> lines_;  // By entity and CA.
  std::size_t faults_ = 0;
  std::string text_;
};

void DeviceListReader::ReadHeader(const CsvRecord& header) {
  static const std::set<std::string> kColumns = {"entity",     "ca",      "policy",  "uses",
                                                 "not_before", "expires", "subject", "alternative_names"};
  for (const std::string& column : header.fields) {
    const bool is_attribute = column.starts_with(kAttributePrefix) && column.size() >= sizeof kAttributePrefix;
    if (!kColumns.contains(column) && !is_attribute) {
      Blame(header.line, "there is no column '" + column +
                             "': they are entity, ca, policy, uses, not_before, expires, subject, alternative_names "
                             "and attribute:NAME");
    } else if (std::count(columns_.begin(), columns_.end(), column) > 0) {
      Blame(header.line, "column '" + column + "' is there twice");
    }
    columns_.push_back(column);
  }
  if (std::count(columns_.begin(), columns_.end(), "entity") == 0) Blame(header.line, "there is no column 'entity'");
}

void DeviceListReader::Check(const ListedDevice& device) {
  const Item& item = device.item;
  if (item.entity().empty()) Blame(device.line, "entity: it is empty");
  if (item.ca().empty()) Blame(device.line, "ca: it is empty, and there is no --ca");
  const Time begin = item.has_not_before() ? ToTime(item.not_before()) : now_;
  if (item.has_expires_at() && ToTime(item.expires_at()) <= begin) {
    Blame(device.line, "expires: the key would never be good, it expires before it begins");
  }
  const auto [first, is_new] = lines_.emplace(std::pair(item.entity(), item.ca()), device.line);
  if (!is_new && !item.entity().empty()) {
    Blame(device.line, "entity: line " + std::to_string(first->second) + " is for the same entity and CA");
  }
}

void DeviceListReader::ReadDevice(const CsvRecord& record) {
  std::map<std::string, std::string> values = defaults_;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (!record.fields[i].empty()) values[columns_[i]] = record.fields[i];
  }
  ListedDevice device{record.line, {}};
  bool is_good = true;
  for (const auto& [column, text] : values) {
    if (text.empty()) continue;
    if (const auto set = Set(column, text, now_, device.item); !set) {
      Blame(record.line, column + ": " + set.error().detail);
      is_good = false;
    }
  }
  if (is_good) Check(device);
  devices_.push_back(std::move(device));
}

result::Result<std::vector<ListedDevice>> DeviceListReader::Read(std::vector<CsvRecord> records) {
  if (records.size() < 2)
    return Fail(Reason::kMalformed, "the list has no devices: a line of column names comes first");
  if (records.size() > kMaxListedDevices + 1)
    return Fail(Reason::kMalformed, "the list has more than 100000 devices: split it");
  ReadHeader(records.front());
  const bool is_header_good = faults_ == 0;
  for (std::size_t i = 1; is_header_good && i < records.size(); ++i) ReadDevice(records[i]);
  if (faults_ > kMostFaults) text_ += "; and " + std::to_string(faults_ - kMostFaults) + " more";
  if (faults_ > 0) return Fail(Reason::kMalformed, text_);
  return std::move(devices_);
}

}  // namespace

result::Result<std::vector<ListedDevice>> ReadDeviceList(std::string_view text, const KeyMint& command, Time now) {
  ASSIGN_OR_RETURN(std::vector<CsvRecord> records, ReadCsv(text));
  return DeviceListReader(command, now).Read(std::move(records));
}

}  // namespace ctl
