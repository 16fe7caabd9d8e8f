#include "keys/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace engine::keys {

namespace {

// Descriptor closes an open file.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

tl::unexpected<result::Error> FileFailure(result::Reason reason, const std::string& path) {
  return result::Fail(reason, path + ": " + std::generic_category().message(errno));
}

// A file of ours is for us alone. One that root placed for us may be readable by our group: that is how a mounted
// secret reaches a process that is not root. PostgreSQL has the same rule for its key file.
bool IsPrivate(const struct stat& status) {
  const mode_t open_to_others = status.st_uid == 0 && geteuid() != 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
  return (status.st_mode & open_to_others) == 0;
}

bool WriteAll(int file, pki::ByteView content) {
  while (!content.empty()) {
    const ssize_t written = write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

result::Result<pki::Secret> ReadPrivateFile(const std::string& path, std::size_t max_octets) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status = {};
  if (file.number() < 0 || fstat(file.number(), &status) != 0) return FileFailure(result::Reason::kUnavailable, path);
  if (!IsPrivate(status)) {
    return result::Fail(result::Reason::kUnauthorized, path + " is open to others than its owner; run chmod 600 on it");
  }
  pki::Bytes content(max_octets + 1, '\0');
  const ssize_t count = read(file.number(), content.data(), content.size());
  if (count < 0) return FileFailure(result::Reason::kUnavailable, path);
  if (static_cast<std::size_t>(count) > max_octets) {
    pki::Wipe(content);
    return result::Fail(result::Reason::kMalformed, path + " is too long");
  }
  content.resize(static_cast<std::size_t>(count));
  return pki::Secret(std::move(content));
}

result::Result<void> WritePrivateFile(const std::string& path, pki::ByteView content) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (file.number() < 0) {
    return FileFailure(errno == EEXIST ? result::Reason::kConflict : result::Reason::kUnavailable, path);
  }
  if (!WriteAll(file.number(), content) || fsync(file.number()) != 0) {
    return FileFailure(result::Reason::kUnavailable, path);
  }
  return {};
}

}  // namespace engine::keys
