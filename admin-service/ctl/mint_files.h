#ifndef CERTIFIER_ADMIN_SERVICE_CTL_MINT_FILES_H
#define CERTIFIER_ADMIN_SERVICE_CTL_MINT_FILES_H

#include <string>
#include <vector>

#include "ctl/csv.h"
#include "ctl/times.h"
#include "pki/secret.h"
#include "result/result.h"

namespace ctl {

// OpenFile owns a descriptor.
class OpenFile {
 public:
  explicit OpenFile(int descriptor = -1) : descriptor_(descriptor) {}
  OpenFile(OpenFile&& other) noexcept;
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile();
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// MintFiles are the files of one run, all of them for their owner alone: while it is under way OUT.part, the sheet so
// far, and OUT.state, the batch token and when the run began; in the end only OUT. A run that ended anywhere in between
// is continued by the next one with the same OUT; two at once exclude each other.
class MintFiles {
 public:
  // Open begins a run or continues one. Conflict if `out` exists and is no run's, or another process works on it;
  // unavailable if files cannot be read or written; malformed for a damaged state.
  static result::Result<MintFiles> Open(const std::string& out, const std::vector<std::string>& header, Time now);

  const pki::Secret& token() const { return token_; }
  Time began() const { return began_; }
  // is_complete says that OUT was there already: nothing is left to do but Finish.
  bool is_complete() const { return is_complete_; }
  // Rows reads the sheet so far, without its header. Malformed if it is damaged.
  result::Result<std::vector<CsvRecord>> Rows() const;
  // Append adds rows to the sheet; they are durable when it returns. Unavailable.
  result::Result<void> Append(const std::string& rows);
  // Finish puts the whole sheet in its place. Unavailable.
  result::Result<void> Finish();

 private:
  MintFiles(std::string out, OpenFile part) : out_(std::move(out)), part_(std::move(part)) {}
  std::string part_path() const { return out_ + ".part"; }
  std::string state_path() const { return out_ + ".state"; }
  result::Result<void> Begin(const std::vector<std::string>& header, Time now);
  result::Result<void> ReadState();
  result::Result<void> DropTornRow(const std::string& header);

  std::string out_;
  OpenFile part_;
  pki::Secret token_;
  Time began_;
  bool is_complete_ = false;
};

// WriteWhole puts `content` at `path`, mode 0600, by a temporary file beside it, durable when it returns. Unavailable.
result::Result<void> WriteWhole(const std::string& path, std::string_view content);
// MakeOwnDirectory makes what is missing of a directory; the last one is for its owner alone if it was.
result::Result<void> MakeOwnDirectory(const std::string& path);
// ReadWhole reads a file of at most `max_octets`. Unavailable; malformed where it is longer.
result::Result<std::string> ReadWhole(const std::string& path, std::size_t max_octets);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_MINT_FILES_H
