#ifndef CERTIFIER_TESTS_UNIT_SERVICE_SCRATCH_H
#define CERTIFIER_TESTS_UNIT_SERVICE_SCRATCH_H

#include <filesystem>
#include <string>

namespace testing {

// Scratch is a directory that is gone with it.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string Path(const std::string& name) const { return (root_ / name).string(); }
  // Write makes the file and returns its path.
  std::string Write(const std::string& name, const std::string& text) const;
  std::string Read(const std::string& name) const;
  // How many entries the directory has.
  std::size_t Count() const;

 private:
  std::filesystem::path root_;
};

}  // namespace testing

#endif  // CERTIFIER_TESTS_UNIT_SERVICE_SCRATCH_H
