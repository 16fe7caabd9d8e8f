#include "connection.h"

#include <sys/socket.h>

#include <cerrno>

namespace gateway {
namespace {

bool IsBlocked(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

Connection::Io Connection::Receive(char* scratch, std::size_t capacity) {
  const ssize_t count = ::recv(socket_.get(), scratch, capacity, 0);
  if (count < 0) return IsBlocked(errno) ? Io::kBlocked : Io::kGone;
  if (count == 0) return Io::kGone;
  const std::string_view octets(scratch, static_cast<std::size_t>(count));
  if (state == State::kLingering) {
    discarded_ += octets.size();
  } else {
    reader_.Append(octets);
  }
  return Io::kProgress;
}

void Connection::Queue(std::string octets) {
  if (output_.empty()) {
    output_ = std::move(octets);
  } else {
    output_.append(octets);
  }
}

std::string_view Connection::Unsent() const {
  if (sent_ < output_.size()) return std::string_view(output_).substr(sent_);
  if (!shared_output_) return {};
  return std::string_view(*shared_output_).substr(sent_ - output_.size());
}

Connection::Io Connection::Send() {
  for (std::string_view rest = Unsent(); !rest.empty(); rest = Unsent()) {
    const ssize_t count = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (count < 0) return IsBlocked(errno) ? Io::kBlocked : Io::kGone;
    sent_ += static_cast<std::size_t>(count);
  }
  output_ = std::string();
  shared_output_.reset();
  sent_ = 0;
  return Io::kProgress;
}

void Connection::Linger() {
  ::shutdown(socket_.get(), SHUT_WR);
  state = State::kLingering;
}

}  // namespace gateway
