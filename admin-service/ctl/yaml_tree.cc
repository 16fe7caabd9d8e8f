#include "ctl/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "ctl/terminal_text.h"

namespace ctl {

namespace {

using result::Reason;

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";  // What some editors begin UTF-8 with.

std::string At(int line, const std::string& what) {
  return "line " + std::to_string(line) + ": " + what;
}

// Refusal is how a handler stops yaml-cpp's parser; it does not leave this file.
struct Refusal {
  int line;
  std::string what;
};

// TreeBuilder puts a tree together from the parser's events, so that no alias is ever followed.
class TreeBuilder final : public YAML::EventHandler {
 public:
  YamlNode TakeRoot() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Add(Begin(mark, "?", anchor, YamlNode::Kind::kNothing));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Refusal{mark.line + 1, "aliases (*) are not taken"};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = Begin(mark, tag, anchor, YamlNode::Kind::kScalar);
    node.text = value;
    Add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(Begin(mark, tag, anchor, YamlNode::Kind::kSequence));
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(Begin(mark, tag, anchor, YamlNode::Kind::kMap));
  }
  void OnMapEnd() override { Close(); }

 private:
  YamlNode Begin(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlNode::Kind kind) {
    YamlNode node;
    node.kind = kind;
    node.line = mark.line + 1;
    if (anchor != 0) throw Refusal{node.line, "anchors (&) are not taken"};
    // "?" is a plain scalar, "!" a quoted one.
    if (!tag.empty() && tag != "?" && tag != "!") throw Refusal{node.line, "tags (!) are not taken"};
    if (++count_ > kMostYamlNodes) {
      throw Refusal{node.line, "there are more than " + std::to_string(kMostYamlNodes) + " values"};
    }
    return node;
  }

  void Open(YamlNode node) {
    if (open_.size() == kMostYamlDepth) throw Refusal{node.line, "it is nested too deep"};
    if (IsKeyDue()) throw Refusal{node.line, "a key is a text"};
    open_.push_back(std::move(node));
  }

  void Close() {
    YamlNode node = std::move(open_.back());
    open_.pop_back();
    Add(std::move(node));
  }

  bool IsKeyDue() const {
    return !open_.empty() && open_.back().kind == YamlNode::Kind::kMap &&
           open_.back().keys.size() == open_.back().elements.size();
  }

  void Add(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (IsKeyDue()) {
      AddKey(std::move(node));
    } else {
      // Where nothing is written the parser has gone on to what follows.
      const bool is_value = open_.back().kind == YamlNode::Kind::kMap;
      if (is_value && node.kind == YamlNode::Kind::kNothing) node.line = open_.back().keys.back().line;
      open_.back().elements.push_back(std::move(node));
    }
  }

  void AddKey(YamlNode key) {
    if (key.kind != YamlNode::Kind::kScalar) throw Refusal{key.line, "a key is a text"};
    for (const YamlNode& before : open_.back().keys) {
      if (before.text != key.text) continue;
      throw Refusal{key.line, "'" + key.text + "' is there already, in line " + std::to_string(before.line)};
    }
    // Comparing each with each costs little of what any message of ours has.
    if (open_.back().keys.size() == kMostKeys) throw Refusal{key.line, "there are too many keys"};
    open_.back().keys.push_back(std::move(key));
  }

  static constexpr std::size_t kMostKeys = 1000;
  YamlNode root_;
  std::vector<YamlNode> open_;
  std::size_t count_ = 0;
};

// IsPlainText tells whether a line is UTF-8 without control characters, so that what is read is what an editor shows.
bool IsPlainText(std::string line) {
  std::erase(line, '\t');
  if (line.ends_with('\r')) line.pop_back();
  // Octets that it would write out, it has to; what hides or turns text it writes out, too.
  return TerminalText(line) == line;
}

result::Result<void> CheckText(std::string_view text) {
  if (text.size() > kMostYamlOctets) {
    return result::Fail(Reason::kMalformed, "it is longer than " + std::to_string(kMostYamlOctets) + " octets");
  }
  std::istringstream lines{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (IsPlainText(std::move(line))) continue;
    return result::Fail(Reason::kMalformed, At(number, "there is a character that an editor may not show"));
  }
  return {};
}

}  // namespace

result::Result<YamlNode> ParseYamlTree(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  RETURN_IF_ERROR(CheckText(text));
  std::istringstream in{std::string(text)};
  TreeBuilder builder;
  try {
    YAML::Parser parser(in);
    if (!parser.HandleNextDocument(builder)) return result::Fail(Reason::kMalformed, "there is no document in it");
    TreeBuilder second;
    if (parser.HandleNextDocument(second)) {
      return result::Fail(Reason::kMalformed, At(second.TakeRoot().line, "a second document begins"));
    }
  } catch (const Refusal& refusal) {
    return result::Fail(Reason::kMalformed, At(refusal.line, refusal.what));
  } catch (const YAML::Exception& error) {
    return result::Fail(Reason::kMalformed, At(error.mark.line + 1, "not YAML: " + error.msg));
  }
  return builder.TakeRoot();
}

}  // namespace ctl
