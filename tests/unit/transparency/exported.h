#ifndef CERTIFIER_TESTS_UNIT_TRANSPARENCY_EXPORTED_H
#define CERTIFIER_TESTS_UNIT_TRANSPARENCY_EXPORTED_H

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "transparency/export.h"

namespace testing {

// EventRecord is an event as an export has it.
struct EventRecord {
  std::uint64_t index;
  std::string octets;
};
using Record = std::variant<transparency::Seal, EventRecord>;

// LogKey signs the checkpoints of log.example; another seed is another key of that name.
transparency::SignerKey LogKey(char seed = 's');

// SealedLog is an export and the log that it was made from: batches of the sizes given, then events without a seal.
struct SealedLog {
  std::vector<Record> records;
  std::vector<std::string> events;          // All of them, sealed or not.
  std::vector<std::uint64_t> batch_starts;  // The first event of each batch.
  transparency::TreeHead head;              // Of the sealed ones.
};
SealedLog MakeLog(const std::vector<std::string>& events, const std::vector<std::size_t>& batches, char key = 's');
// NumberedLog is MakeLog of "event 0", "event 1", ..., `unsealed` of them behind the batches.
SealedLog NumberedLog(const std::vector<std::size_t>& batches, std::size_t unsealed = 0);

// ExportOf is what a verifier knows of log.example: its key, and nothing else.
transparency::ExportedLog ExportOf(std::uint64_t first = 0,
                                   std::optional<transparency::TreeHead> remembered = std::nullopt);
// Verify feeds the records in order.
transparency::Verdict Verify(const std::vector<Record>& records, transparency::ExportedLog log = ExportOf());

// PlaceOf is where event `index` or the seal of batch `batch` stands among the records of an export.
std::size_t PlaceOf(const std::vector<Record>& records, std::uint64_t index);
std::size_t PlaceOfSeal(const std::vector<Record>& records, std::size_t batch);
// Renumber gives the events the numbers of their places, from 0.
void Renumber(std::vector<Record>& records);

}  // namespace testing

#endif  // CERTIFIER_TESTS_UNIT_TRANSPARENCY_EXPORTED_H
