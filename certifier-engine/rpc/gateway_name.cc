#include "rpc/gateway_name.h"

#include <algorithm>

namespace engine::rpc {

namespace {

constexpr std::size_t kMostCharacters = 64;

bool IsPrintable(char character) {
  return character >= ' ' && character <= '~';
}

}  // namespace

std::string PrintableName(std::string_view common_name) {
  std::string name(common_name.substr(0, kMostCharacters));
  std::ranges::replace_if(
      name, [](char character) { return !IsPrintable(character); }, '?');
  return name;
}

std::string GatewayName(const grpc::ServerContextBase& context) {
  const auto caller = service::CallerOf(context);
  return caller ? PrintableName(caller->name) : std::string();
}

}  // namespace engine::rpc
