#ifndef CERTIFIER_ADMIN_SERVICE_CTL_SESSION_FILE_H
#define CERTIFIER_ADMIN_SERVICE_CTL_SESSION_FILE_H

#include <map>
#include <string>

#include "ctl/times.h"
#include "pki/secret.h"
#include "result/result.h"

namespace ctl {

// StoredSession is what `certifierctl login` brought.
struct StoredSession {
  std::string login;
  pki::Secret token;  // 32 octets.
  Time expires_at;
};

// SessionFile keeps the sessions of this user by admin service ("HOST:PORT"), in a file beside the contexts for its
// owner alone: who has it is who logged in, until the sessions end.
class SessionFile {
 public:
  // `contexts_file` as in GlobalArguments.
  explicit SessionFile(const std::string& contexts_file);

  // Find: kNotFound where there is none that has not ended by `now`; malformed for a file that is not ours, or that
  // others may read.
  result::Result<StoredSession> Find(const std::string& server, Time now) const;
  // Keep and Forget replace the file in one step. Unavailable, malformed.
  result::Result<void> Keep(const std::string& server, const StoredSession& session) const;
  result::Result<void> Forget(const std::string& server) const;

 private:
  std::string path_;
};

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_SESSION_FILE_H
