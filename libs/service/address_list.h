#ifndef CERTIFIER_SERVICE_ADDRESS_LIST_H
#define CERTIFIER_SERVICE_ADDRESS_LIST_H

#include <string>
#include <string_view>
#include <vector>

namespace service {

// Where something listens: "HOST:PORT,HOST:PORT" and back. Nothing is looked at but the commas.
std::vector<std::string> SplitAddresses(std::string_view joined);
std::string JoinAddresses(const std::vector<std::string>& addresses);

}  // namespace service

#endif  // CERTIFIER_SERVICE_ADDRESS_LIST_H
