#ifndef CERTIFIER_ADMIN_SERVICE_CTL_AUDIT_EXPORT_H
#define CERTIFIER_ADMIN_SERVICE_CTL_AUDIT_EXPORT_H

#include <cstdint>
#include <functional>
#include <istream>
#include <optional>
#include <ostream>
#include <string>

#include "result/result.h"
#include "transparency/export.h"

namespace ctl {

// An exported log is text, a line each:
//
//   certifier-audit-export 1 FIRST         the place in the log that it begins with
//   checkpoint BASE64(note)                the newest one when the export began; none: nothing was sealed
//   seal BASE64(note) BASE64(frontier) BASE64(leaf hashes)      before the events of each batch; "-": no octets
//   event INDEX TEXT                       the octets that were hashed, up to the end of the line
//   end COUNT                              so many events came before
//
// Events that no seal covers come last.

// The longest line that is read, in octets: a seal has 175 KB.
inline constexpr std::size_t kMostLineOctets = 1 << 20;

// ExportWriter writes one.
class ExportWriter {
 public:
  // `out` must outlive the writer. An empty checkpoint: there is none.
  ExportWriter(std::ostream& out, std::uint64_t first, const std::string& checkpoint);
  void AddSeal(const transparency::Seal& seal);
  void AddEvent(std::uint64_t index, const std::string& event);
  void End();
  std::uint64_t count() const { return count_; }

 private:
  std::ostream& out_;
  std::uint64_t count_ = 0;
};

// Trust is what a verifier has from elsewhere.
struct Trust {
  transparency::VerifierKey key;
  std::optional<transparency::TreeHead> remembered = std::nullopt;
};

// Verification is what was found of an export.
struct Verification {
  transparency::Verdict verdict;
  std::uint64_t events = 0;  // In it.
  // What stands in the export in the place of the verdict: an event's text; empty: nothing, or all is well.
  std::string event = {};
};

// After so many lines each time, VerifyExport tells how far it is.
inline constexpr std::uint64_t kLinesBetweenProgress = 1000;
// VerifyProgress is told how many events, and octets of the export, were read so far.
using VerifyProgress = std::function<void(std::uint64_t events, std::uint64_t octets)>;

// VerifyExport reads an export from its beginning, and to name an event once more. Malformed: it does not begin as an
// export does, a line is too long, or one is not of an export though every event is as it was sealed.
result::Result<Verification> VerifyExport(std::istream& in, const Trust& trust, const VerifyProgress& progress = {});

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_AUDIT_EXPORT_H
