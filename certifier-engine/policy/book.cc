#include "policy/book.h"

#include "policy/document.h"
#include "service/log.h"

namespace engine::policy {

namespace {

result::Result<PolicyVersion> ReadVersion(const store::PolicyRecord& record) {
  ASSIGN_OR_RETURN(const auto document, FromJson(record.document));
  ASSIGN_OR_RETURN(auto policy, FromProto(document));
  return PolicyVersion{record.policy_version_id, record.version, std::move(policy)};
}

}  // namespace

std::shared_ptr<const Book> Book::Open(const std::vector<store::PolicyRecord>& records) {
  auto book = std::make_shared<Book>();
  for (const auto& record : records) {
    auto version = ReadVersion(record);
    if (version) {
      book->asks_webhook_ = book->asks_webhook_ || version->policy.asks_webhook;
      book->versions_.emplace(record.policy_id, *std::move(version));
    } else {
      service::LogError("policy_unusable", {{"policy", record.name}, {"detail", version.error().detail}});
    }
  }
  return book;
}

const PolicyVersion* Book::Find(std::int64_t policy_id) const {
  const auto found = versions_.find(policy_id);
  return found == versions_.end() ? nullptr : &found->second;
}

}  // namespace engine::policy
