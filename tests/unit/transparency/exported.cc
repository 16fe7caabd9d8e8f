#include "exported.h"

#include <algorithm>
#include <stdexcept>

#include "must.h"

namespace testing {

using namespace transparency;

SignerKey LogKey(char seed) {
  return Must(SignerKey::FromSeed("log.example", pki::Secret(pki::Bytes(32, seed))));
}

SealedLog MakeLog(const std::vector<std::string>& events, const std::vector<std::size_t>& batches, char key) {
  SealedLog log{{}, events, {}, {}};
  const SignerKey signer = LogKey(key);
  CompactRange range;
  std::uint64_t next = 0;
  for (const std::size_t size : batches) {
    std::vector<Hash> leaves;
    for (std::size_t i = 0; i < size; i++) leaves.push_back(LeafHash(events.at(next + i)));
    log.batch_starts.push_back(next);
    log.records.emplace_back(Must(MakeSeal(range, leaves, signer)));
    for (std::size_t i = 0; i < size; i++, next++) log.records.emplace_back(EventRecord{next, events[next]});
  }
  for (; next < events.size(); next++) log.records.emplace_back(EventRecord{next, events[next]});
  log.head = range.head();
  return log;
}

SealedLog NumberedLog(const std::vector<std::size_t>& batches, std::size_t unsealed) {
  std::size_t count = unsealed;
  for (const std::size_t size : batches) count += size;
  std::vector<std::string> events;
  for (std::size_t i = 0; i < count; i++) events.push_back("event " + std::to_string(i));
  return MakeLog(events, batches);
}

ExportedLog ExportOf(std::uint64_t first, std::optional<TreeHead> remembered) {
  return {"log.example", {LogKey().verifier()}, first, remembered};
}

Verdict Verify(const std::vector<Record>& records, ExportedLog log) {
  LogVerifier verifier(std::move(log));
  for (const Record& record : records) {
    if (const auto* seal = std::get_if<Seal>(&record)) {
      verifier.AddSeal(*seal);
    } else {
      const auto& event = std::get<EventRecord>(record);
      verifier.AddEvent(event.index, event.octets);
    }
  }
  return verifier.Finish();
}

namespace {

template <class T>
std::size_t Place(const std::vector<Record>& records, std::size_t number) {
  for (std::size_t place = 0; place < records.size(); place++) {
    if (std::holds_alternative<T>(records[place]) && number-- == 0) return place;
  }
  throw std::out_of_range("no such record");
}

}  // namespace

std::size_t PlaceOf(const std::vector<Record>& records, std::uint64_t index) {
  return Place<EventRecord>(records, index);
}

std::size_t PlaceOfSeal(const std::vector<Record>& records, std::size_t batch) {
  return Place<Seal>(records, batch);
}

void Renumber(std::vector<Record>& records) {
  std::uint64_t next = 0;
  for (Record& record : records) {
    if (auto* event = std::get_if<EventRecord>(&record)) event->index = next++;
  }
}

}  // namespace testing
