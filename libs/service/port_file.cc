#include "service/port_file.h"

#include <cstdio>
#include <fstream>

namespace service {

result::Result<void> WritePortFile(const std::string& path, const std::map<std::string, int>& ports) {
  if (path.empty()) return {};
  const std::string unfinished = path + ".new";
  std::string text;
  for (const auto& [name, port] : ports) {
    text += (text.empty() ? "{\"" : ",\"") + name + "\":" + std::to_string(port);
  }
  std::ofstream file(unfinished);
  file << text << "}\n";
  file.close();
  if (!file || std::rename(unfinished.c_str(), path.c_str()) != 0) {
    std::remove(unfinished.c_str());
    return result::Fail(result::Reason::kInternal, "cannot write the port file " + path);
  }
  return {};
}

}  // namespace service
