#include "ctl/policy_file.h"

#include <fstream>
#include <iostream>

#include "ctl/json_parser.h"
#include "ctl/yaml_reader.h"
#include "ctl/yaml_tree.h"

namespace ctl {

namespace {

constexpr char kStandardInput[] = "-";

result::Result<std::string> ReadText(std::istream& in) {
  std::string text(kMostYamlOctets + 1, '\0');
  if (!in || !in.read(text.data(), static_cast<std::streamsize>(text.size())).eof()) {
    return result::Fail(result::Reason::kMalformed, "it cannot be read, or is longer than 1 MiB");
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

}  // namespace

result::Result<std::string> ReadText(const std::string& path) {
  std::ifstream file;
  if (path != kStandardInput) file.open(path, std::ios::binary);
  auto text = ReadText(path == kStandardInput ? std::cin : file);
  if (!text) return result::Wrap(path, std::move(text).error());
  return text;
}

result::Result<certifier::v1::Policy> ParsePolicy(std::string_view text) {
  certifier::v1::Policy policy;
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  const bool is_json = begin != std::string_view::npos && text[begin] == '{';
  RETURN_IF_ERROR(is_json ? ParseJson(text, policy) : ParseYaml(text, policy));
  return policy;
}

result::Result<certifier::v1::Policy> ReadPolicyFile(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadText(path));
  auto policy = ParsePolicy(text);
  if (!policy) return result::Wrap(path, std::move(policy).error());
  return policy;
}

}  // namespace ctl
