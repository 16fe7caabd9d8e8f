#ifndef CERTIFIER_ADMIN_SERVICE_CTL_YAML_TREE_H
#define CERTIFIER_ADMIN_SERVICE_CTL_YAML_TREE_H

#include <string>
#include <string_view>
#include <vector>

#include "result/result.h"

namespace ctl {

// What a document that an operator writes may have; more is a mistake.
inline constexpr std::size_t kMostYamlOctets = 1 << 20;
inline constexpr std::size_t kMostYamlNodes = 100'000;
inline constexpr std::size_t kMostYamlDepth = 16;

// YamlNode is a value of a YAML document. What a scalar means is for who reads it: "no" may be a text.
struct YamlNode {
  enum class Kind { kNothing, kScalar, kSequence, kMap };
  Kind kind = Kind::kNothing;
  int line = 0;                    // From 1.
  std::string text;                // Of a scalar.
  std::vector<YamlNode> elements;  // Of a sequence, or the values of a map,
  std::vector<YamlNode> keys;      // and its keys: scalars, each once.
};

// ParseYamlTree reads one document. Malformed, with the line: what is not YAML, a second document, anchors, aliases and
// tags, which no policy needs, keys that are written twice or are no scalars, octets that are not UTF-8, control
// characters, and what is longer, deeper or more than the bounds.
result::Result<YamlNode> ParseYamlTree(std::string_view text);

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_YAML_TREE_H
