#include "service/address_list.h"

#include <algorithm>

namespace service {

std::vector<std::string> SplitAddresses(std::string_view joined) {
  std::vector<std::string> addresses;
  for (std::size_t begin = 0; begin <= joined.size();) {
    const std::size_t end = std::min(joined.find(',', begin), joined.size());
    addresses.emplace_back(joined.substr(begin, end - begin));
    begin = end + 1;
  }
  return addresses;
}

std::string JoinAddresses(const std::vector<std::string>& addresses) {
  std::string joined;
  for (const std::string& address : addresses) joined += (joined.empty() ? "" : ",") + address;
  return joined;
}

}  // namespace service
