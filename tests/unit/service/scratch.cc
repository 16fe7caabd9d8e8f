#include "scratch.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace testing {

Scratch::Scratch() {
  std::string name = (std::filesystem::temp_directory_path() / "service_test.XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  root_ = name;
}

Scratch::~Scratch() {
  std::filesystem::remove_all(root_);
}

std::string Scratch::Write(const std::string& name, const std::string& text) const {
  std::ofstream(root_ / name) << text;
  return Path(name);
}

std::string Scratch::Read(const std::string& name) const {
  std::ifstream file(root_ / name);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t Scratch::Count() const {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(root_), {}));
}

}  // namespace testing
