#include "ctl/session_file.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "ctl/contexts.h"
#include "ctl/mint_files.h"

namespace ctl {

namespace {

using nlohmann::json;
using result::Fail;
using result::Reason;
namespace fs = std::filesystem;

constexpr std::size_t kMostOctets = 1 << 20;
constexpr std::size_t kTokenOctets = 32;

result::Result<json> Read(const std::string& path) {
  std::error_code error;
  if (path.empty() || !fs::exists(path, error)) return json::object();
  constexpr auto kOthers = fs::perms::group_all | fs::perms::others_all;
  if ((fs::status(path, error).permissions() & kOthers) != fs::perms::none) {
    return Fail(Reason::kMalformed, path + " may be read by others: chmod 600 it, and log in again");
  }
  ASSIGN_OR_RETURN(const std::string text, ReadWhole(path, kMostOctets));
  json document = json::parse(text, nullptr, false);
  if (!document.is_object()) return Fail(Reason::kMalformed, path + " is not what 'login' writes");
  return document;
}

result::Result<void> Write(const std::string& path, const json& document) {
  if (path.empty()) return Fail(Reason::kMalformed, "give --contexts-file FILE: there is no home directory");
  RETURN_IF_ERROR(MakeOwnDirectory(fs::absolute(path).parent_path()));
  return WriteWhole(path, document.dump(2, ' ', true, json::error_handler_t::replace) + "\n");
}

}  // namespace

SessionFile::SessionFile(const std::string& contexts_file) {
  const std::string beside = contexts_file.empty() ? DefaultContextsFile() : contexts_file;
  if (!beside.empty()) path_ = (fs::path(beside).parent_path() / "sessions.json").string();
}

result::Result<StoredSession> SessionFile::Find(const std::string& server, Time now) const {
  ASSIGN_OR_RETURN(const json document, Read(path_));
  const auto none = [] { return Fail(Reason::kNotFound, "there is no session"); };
  const auto found = document.find(server);
  if (found == document.end() || !found->is_object()) return none();
  const auto text = [&](const char* name) {
    const auto field = found->find(name);
    return field != found->end() && field->is_string() ? field->get<std::string>() : std::string();
  };
  const auto expires_at = found->find("expires_at");
  auto token = pki::FromHex(text("token"));
  if (!token || token->size() != kTokenOctets || expires_at == found->end() || !expires_at->is_number_integer()) {
    return none();
  }
  StoredSession session = {text("login"), pki::Secret(*std::move(token)),
                           Time(std::chrono::seconds(expires_at->get<std::int64_t>()))};
  if (session.expires_at <= now) return none();
  return session;
}

result::Result<void> SessionFile::Keep(const std::string& server, const StoredSession& session) const {
  ASSIGN_OR_RETURN(json document, Read(path_));
  document[server] = {{"login", session.login},
                      {"token", pki::HexLower(session.token.Reveal())},
                      {"expires_at", session.expires_at.time_since_epoch().count()}};
  return Write(path_, document);
}

result::Result<void> SessionFile::Forget(const std::string& server) const {
  ASSIGN_OR_RETURN(json document, Read(path_));
  if (document.erase(server) == 0) return {};
  return Write(path_, document);
}

}  // namespace ctl
