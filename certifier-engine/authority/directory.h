#ifndef CERTIFIER_ENGINE_AUTHORITY_DIRECTORY_H
#define CERTIFIER_ENGINE_AUTHORITY_DIRECTORY_H

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "authority/snapshot.h"

namespace engine::authority {

// Directory holds the current snapshot of CAs and policies and tells subscribers when it changes.
class Directory {
 public:
  // PolicyReader makes the snapshot's policies from their records; it lives in policy/, which stands above this folder.
  using PolicyReader = std::function<std::shared_ptr<const policy::Book>(const std::vector<store::PolicyRecord>&)>;
  struct Sealers {
    keys::Sealer ca_keys;
    keys::Sealer registration_authority_keys;
  };

  // `store` must outlive the directory.
  Directory(store::AdministrationStore& store, Sealers sealers, PolicyReader read_policies);

  // snapshot is never null; before the first Reload it is empty, with version 0.
  std::shared_ptr<const Snapshot> snapshot() const;

  // Reload reads the database and, if something changed, puts a new snapshot in place and calls the subscribers, on
  // this thread. A CA that cannot be opened is logged and left out; the others go on. CRLs are read only where they are
  // others than before; that a CRL no longer knows of every revocation is a change too. Blocks; failures leave the old
  // snapshot.
  result::Result<void> Reload();

  // Subscribe has `changed` called after each change until the returned handle is destroyed. A call may still be under
  // way then: what it uses must be shared with it. It must not block nor call back into the directory's Reload.
  using Subscription = std::shared_ptr<const std::function<void()>>;
  [[nodiscard]] Subscription Subscribe(std::function<void()> changed);

 private:
  result::Result<std::shared_ptr<Snapshot>> Open(const store::DirectoryRecord& record) const;
  result::Result<std::shared_ptr<const Crl>> LoadCrl(const store::CaRecord& record) const;
  void Notify();

  store::AdministrationStore& store_;
  const Sealers sealers_;
  const PolicyReader read_policies_;
  std::mutex reloading_;      // One Reload at a time; guards the digest.
  pki::Bytes loaded_digest_;  // Of the records that the snapshot was made from.
  mutable std::mutex mutex_;  // Guards the two below; never held while something is called.
  std::shared_ptr<const Snapshot> snapshot_;
  std::vector<std::weak_ptr<const std::function<void()>>> subscribers_;
};

}  // namespace engine::authority

#endif  // CERTIFIER_ENGINE_AUTHORITY_DIRECTORY_H
