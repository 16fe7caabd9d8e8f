#ifndef CERTIFIER_TESTS_SUPPORT_CHILD_H
#define CERTIFIER_TESTS_SUPPORT_CHILD_H

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace support {

// Eventually asks `condition` until it holds; false after 15 s.
bool Eventually(const std::function<bool()>& condition);

std::string ReadFile(const std::filesystem::path& path);

// Directory is an empty temporary directory that goes with the object.
class Directory {
 public:
  Directory();
  ~Directory();
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Child is a program run as a process, with its output in files of `directory`.
class Child {
 public:
  Child(const std::filesystem::path& directory, const std::vector<std::string>& command);
  // Kills what still runs.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  // Signal does nothing once Wait has returned.
  void Signal(int signal) const;
  // Wait is its exit code, or minus the signal that ended it; kills it after 15 s.
  int Wait();
  std::string out() const { return ReadFile(out_); }
  std::string err() const { return ReadFile(err_); }

 private:
  std::filesystem::path out_, err_;
  pid_t pid_ = -1;
  int code_ = 0;
};

}  // namespace support

#endif  // CERTIFIER_TESTS_SUPPORT_CHILD_H
