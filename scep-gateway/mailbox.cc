#include "mailbox.h"

#include <sys/eventfd.h>

namespace gateway {

result::Result<std::shared_ptr<Mailbox>> Mailbox::Open() {
  FileDescriptor wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!wake.is_open()) return result::Fail(result::Reason::kUnavailable, "no descriptor for an eventfd");
  return std::shared_ptr<Mailbox>(new Mailbox(std::move(wake)));
}

void Mailbox::Post(Answer answer) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = answers_.empty();
    answers_.push_back(std::move(answer));
  }
  // Whoever found it filled knows that a wake-up is under way.
  if (was_empty) Wake();
}

void Mailbox::Serve(Listeners listeners) {
  {
    const std::lock_guard lock(mutex_);
    listeners_ = std::move(listeners);
  }
  Wake();
}

void Mailbox::Drain() {
  is_draining_ = true;
  Wake();
}

void Mailbox::Stop() {
  is_stopping_ = true;
  Wake();
}

std::vector<Mailbox::Answer> Mailbox::Take() {
  // Reset before the answers are taken: the other way round a wake-up could be lost.
  eventfd_t ignored = 0;
  ::eventfd_read(wake_.get(), &ignored);
  const std::lock_guard lock(mutex_);
  return std::exchange(answers_, {});
}

std::optional<Mailbox::Listeners> Mailbox::TakeListeners() {
  const std::lock_guard lock(mutex_);
  return std::exchange(listeners_, std::nullopt);
}

void Mailbox::Wake() {
  ::eventfd_write(wake_.get(), 1);
}

}  // namespace gateway
