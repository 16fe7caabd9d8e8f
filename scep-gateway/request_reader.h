#ifndef CERTIFIER_SCEP_GATEWAY_REQUEST_READER_H
#define CERTIFIER_SCEP_GATEWAY_REQUEST_READER_H

#include <string>
#include <string_view>

#include "http_body.h"
#include "http_head.h"
#include "http_message.h"

namespace gateway {

// RequestReader takes requests off the octets of one connection, one after the other. It knows no socket and no clock.
class RequestReader {
 public:
  RequestReader(HeadLimits limits, std::size_t max_body_octets)
      : limits_(limits), max_body_octets_(max_body_octets), scanner_(limits) {}

  enum class Progress { kNeedsMore, kComplete, kRefused };

  void Append(std::string_view octets) { input_.append(octets); }
  // Advance reads on. After kComplete, Take before the next Advance; after kRefused the stream cannot be read any more.
  Progress Advance();
  // The status of a refusal.
  int refusal() const { return refusal_; }
  // Take returns the request and begins the next one with what was received behind it.
  HttpRequest Take();

  // Abandon drops what is held; the stream cannot be read any more.
  void Abandon() { Refuse(503); }

  // Of the request being read; meaningful from the end of its head on.
  const RequestHead& head() const { return head_; }
  // TakeContinue tells, once for each request, that the client waits for 100 Continue before it sends the body.
  bool TakeContinue();
  // Whether an octet of a request is there.
  bool has_begun() const { return has_head_ || !input_.empty(); }
  // Octets held in memory.
  std::size_t held() const {
    return input_.size() + body_.size() + head_.method.size() + head_.target.size() + head_.forwarded_for.size() +
           head_.if_none_match.size() + head_.if_modified_since.size();
  }

 private:
  Progress Refuse(int status);
  Progress ReadHead();
  void Drop(std::size_t octets);

  HeadLimits limits_;
  std::size_t max_body_octets_;
  HeadScanner scanner_;
  std::string input_;
  bool has_head_ = false;
  bool owes_continue_ = false;
  RequestHead head_;
  BodyReader body_reader_;
  std::string body_;
  int refusal_ = 0;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_REQUEST_READER_H
