#include "ctl/mint_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

namespace ctl {

namespace {

using result::Fail;
using result::Reason;

constexpr std::size_t kTokenOctets = 32, kMaxStateOctets = 4096;
constexpr mode_t kOwnerOnly = 0600;

tl::unexpected<result::Error> Trouble(const std::string& what, const std::string& path) {
  return Fail(Reason::kUnavailable, "cannot " + what + " " + path + ": " + std::generic_category().message(errno));
}

bool Exists(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0;
}

result::Result<void> WriteAll(int descriptor, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Trouble("write", path);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(descriptor) != 0) return Trouble("write", path);
  return {};
}

// A name in a directory is durable when the directory is.
result::Result<void> SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::absolute(path).parent_path();
  const OpenFile opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.descriptor() < 0 || fsync(opened.descriptor()) != 0) return Trouble("write", folder);
  return {};
}

}  // namespace

OpenFile::OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

result::Result<void> WriteWhole(const std::string& path, std::string_view content) {
  const std::string temporary = path + ".new";
  unlink(temporary.c_str());
  {
    const OpenFile file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
    if (file.descriptor() < 0) return Trouble("create", temporary);
    RETURN_IF_ERROR(WriteAll(file.descriptor(), content, temporary));
  }
  if (rename(temporary.c_str(), path.c_str()) != 0) return Trouble("create", path);
  return SyncFolderOf(path);
}

result::Result<void> MakeOwnDirectory(const std::string& path) {
  std::error_code error;
  if (std::filesystem::create_directories(path, error)) {
    std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
  }
  if (error) return Fail(Reason::kUnavailable, "cannot make " + path + ": " + error.message());
  return {};
}

result::Result<std::string> ReadWhole(const std::string& path, std::size_t max_octets) {
  const OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.descriptor() < 0) return Trouble("read", path);
  std::string content;
  constexpr std::size_t kChunk = 64 << 10;
  while (true) {
    const std::size_t size = content.size();
    content.resize(size + kChunk);
    const ssize_t count = read(file.descriptor(), content.data() + size, kChunk);
    if (count < 0) return Trouble("read", path);
    content.resize(size + static_cast<std::size_t>(count));
    if (count == 0) return content;
    if (content.size() > max_octets) return Fail(Reason::kMalformed, path + " is too long");
  }
}

result::Result<MintFiles> MintFiles::Open(const std::string& out, const std::vector<std::string>& header, Time now) {
  const std::string state = out + ".state", part = out + ".part";
  if (Exists(out) && !Exists(state)) {
    return Fail(Reason::kConflict, out + " exists already: keys are never written over; name another file");
  }
  OpenFile file(open(part.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, kOwnerOnly));
  if (file.descriptor() < 0) return Trouble("create", part);
  struct stat status {};
  if (fstat(file.descriptor(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != geteuid() ||
      fchmod(file.descriptor(), kOwnerOnly) != 0) {
    return Fail(Reason::kConflict, part + " is not ours");
  }
  if (flock(file.descriptor(), LOCK_EX | LOCK_NB) != 0) {
    return Fail(Reason::kConflict, "another process works on " + out);
  }
  MintFiles files(out, std::move(file));
  if (Exists(state)) {
    RETURN_IF_ERROR(files.ReadState());
  } else {
    RETURN_IF_ERROR(files.Begin(header, now));
  }
  if (Exists(out)) {
    files.is_complete_ = true;
    return files;
  }
  RETURN_IF_ERROR(files.DropTornRow(WriteCsv(header)));
  return files;
}

result::Result<void> MintFiles::Begin(const std::vector<std::string>& header, Time now) {
  struct stat status {};
  if (fstat(part_.descriptor(), &status) != 0) return Trouble("read", part_path());
  if (status.st_size > static_cast<off_t>(WriteCsv(header).size())) {
    return Fail(Reason::kConflict, part_path() + " holds keys of a run whose state is gone: move it away first");
  }
  ASSIGN_OR_RETURN(token_, pki::RandomSecret(kTokenOctets));
  began_ = now;
  const nlohmann::json state = {
      {"version", 1}, {"token", pki::HexLower(token_.Reveal())}, {"began", now.time_since_epoch().count()}};
  std::string text = state.dump() + "\n";
  const auto written = WriteWhole(state_path(), text);
  pki::Wipe(text);
  return written;
}

result::Result<void> MintFiles::ReadState() {
  ASSIGN_OR_RETURN(const std::string text, ReadWhole(state_path(), kMaxStateOctets));
  const auto damaged = Fail(Reason::kMalformed, state_path() + " is no state of 'key mint'");
  const auto state = nlohmann::json::parse(text, nullptr, false);
  if (!state.is_object() || !state.contains("token") || !state["token"].is_string() || !state.contains("began") ||
      !state["began"].is_number_integer() || state.value("version", 0) != 1) {
    return damaged;
  }
  auto token = pki::FromHex(state["token"].get<std::string>());
  if (!token || token->size() != kTokenOctets) return damaged;
  token_ = pki::Secret(*std::move(token));
  began_ = Time(std::chrono::seconds(state["began"].get<std::int64_t>()));
  return {};
}

// A crash may leave half a row at the end.
result::Result<void> MintFiles::DropTornRow(const std::string& header) {
  ASSIGN_OR_RETURN(const std::string text, ReadWhole(part_path(), kMaxCsvOctets * 4));
  const std::size_t whole = text.find_last_of('\n') == std::string::npos ? 0 : text.find_last_of('\n') + 1;
  if (whole > 0 && !text.starts_with(header)) return Fail(Reason::kMalformed, part_path() + " is no sheet of keys");
  if (whole < text.size() && ftruncate(part_.descriptor(), static_cast<off_t>(whole)) != 0) {
    return Trouble("write", part_path());
  }
  return whole == 0 ? Append(header) : result::Result<void>();
}

result::Result<std::vector<CsvRecord>> MintFiles::Rows() const {
  ASSIGN_OR_RETURN(const std::string text, ReadWhole(is_complete_ ? out_ : part_path(), kMaxCsvOctets * 4));
  ASSIGN_OR_RETURN(auto records, ReadCsv(text));
  if (!records.empty()) records.erase(records.begin());
  return records;
}

result::Result<void> MintFiles::Append(const std::string& rows) {
  return WriteAll(part_.descriptor(), rows, part_path());
}

result::Result<void> MintFiles::Finish() {
  if (is_complete_) {
    unlink(part_path().c_str());
  } else if (rename(part_path().c_str(), out_.c_str()) != 0) {
    return Trouble("create", out_);
  }
  RETURN_IF_ERROR(SyncFolderOf(out_));
  if (unlink(state_path().c_str()) != 0) return Trouble("remove", state_path());
  return SyncFolderOf(out_);
}

}  // namespace ctl
