#include "request_reader.h"

#include <utility>

namespace gateway {

RequestReader::Progress RequestReader::Advance() {
  if (refusal_ != 0) return Progress::kRefused;
  if (!has_head_) {
    const Progress progress = ReadHead();
    if (progress != Progress::kComplete) return progress;
  }
  const auto used = body_reader_.Consume(input_, body_);
  if (!used) return Refuse(used.error());
  Drop(*used);
  return body_reader_.is_complete() ? Progress::kComplete : Progress::kNeedsMore;
}

RequestReader::Progress RequestReader::ReadHead() {
  const auto length = scanner_.Scan(input_);
  if (!length) return Refuse(length.error());
  if (*length == 0) return Progress::kNeedsMore;
  auto head = ParseHead(std::string_view(input_).substr(0, *length), limits_);
  if (!head) return Refuse(head.error());
  const auto body = BodyReader::For(*head, max_body_octets_);
  if (!body) return Refuse(body.error());
  body_reader_ = *body;
  head_ = *std::move(head);
  has_head_ = true;
  Drop(*length);
  // A client that sent octets of the body already does not wait.
  owes_continue_ = head_.expects_continue && input_.empty() && !body_reader_.is_complete();
  return Progress::kComplete;
}

HttpRequest RequestReader::Take() {
  HttpRequest request;
  request.method = std::move(head_.method);
  request.target = std::move(head_.target);
  request.forwarded_for = std::move(head_.forwarded_for);
  request.body = std::exchange(body_, {});
  request.if_none_match = std::move(head_.if_none_match);
  request.if_modified_since = std::move(head_.if_modified_since);
  head_ = RequestHead();
  scanner_ = HeadScanner(limits_);
  body_reader_ = BodyReader();
  has_head_ = owes_continue_ = false;
  return request;
}

bool RequestReader::TakeContinue() {
  return std::exchange(owes_continue_, false);
}

RequestReader::Progress RequestReader::Refuse(int status) {
  refusal_ = status;
  input_ = std::string();
  body_ = std::string();
  return Progress::kRefused;
}

void RequestReader::Drop(std::size_t octets) {
  // Whole buffers are given back, so that a keep-alive connection holds no memory between requests.
  if (octets == input_.size()) {
    input_ = std::string();
  } else {
    input_.erase(0, octets);
  }
}

}  // namespace gateway
