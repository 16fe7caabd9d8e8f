#ifndef CERTIFIER_ENGINE_POLICY_BOOK_H
#define CERTIFIER_ENGINE_POLICY_BOOK_H

#include <map>
#include <memory>
#include <vector>

#include "policy/policy.h"
#include "store/administration_store.h"

namespace engine::policy {

// PolicyVersion is a policy as one version of its name says it.
struct PolicyVersion {
  std::int64_t policy_version_id = 0;
  std::uint32_t version = 0;
  Policy policy;  // Move-only, as the whole.
};

// Book is the latest version of every policy. Immutable.
class Book {
 public:
  // Open reads `records`; one that this engine does not understand is logged and left out, and refuses its requests.
  static std::shared_ptr<const Book> Open(const std::vector<store::PolicyRecord>& records);

  // Find is null for a policy that is not in the book.
  const PolicyVersion* Find(std::int64_t policy_id) const;
  // Whether any policy waits for somebody else's server.
  bool asks_webhook() const { return asks_webhook_; }

 private:
  std::map<std::int64_t, PolicyVersion> versions_;
  bool asks_webhook_ = false;
};

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_BOOK_H
