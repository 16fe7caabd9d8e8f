#ifndef CERTIFIER_ADMIN_SERVICE_CTL_PAGES_H
#define CERTIFIER_ADMIN_SERVICE_CTL_PAGES_H

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cstdint>

#include "ctl/output.h"
#include "ctl/session.h"
#include "result/result.h"

namespace ctl {

// The most that is asked for at once, so that a page stays far below gRPC's bound for a message.
inline constexpr std::uint32_t kPageSize = 200;

// CountItems is how many a List response holds: its field 1 by our protos' habit.
inline std::uint32_t CountItems(const google::protobuf::Message& response) {
  return static_cast<std::uint32_t>(
      response.GetReflection()->FieldSize(response, response.GetDescriptor()->FindFieldByNumber(1)));
}

// CollectPages asks page after page until there is no more or `limit` is reached; then next_page_token is not empty.
template <class Stub, class Request, class Response>
result::Result<Response> CollectPages(Session& session,
                                      grpc::Status (Stub::*rpc)(grpc::ClientContext*, const Request&, Response*),
                                      Request request, std::uint32_t limit) {
  Response all;
  std::uint32_t count = 0;
  do {
    request.set_page_size(std::min(limit - count, kPageSize));
    request.set_page_token(all.next_page_token());
    ASSIGN_OR_RETURN(const Response page, session.Call(rpc, request));
    all.clear_next_page_token();
    all.MergeFrom(page);
    count = CountItems(all);
  } while (count < limit && !all.next_page_token().empty());
  return all;
}

// ShowPages writes what was collected: as JSON, or as `table` with a note where there is more.
template <class Response>
void ShowPages(Output& output, const Response& response, const Table& table) {
  output.List(response, table);
  if (CountItems(response) == 0) output.Note("None.");
  if (!response.next_page_token().empty()) {
    output.Note("There is more than these " + std::to_string(CountItems(response)) + ": give a larger --limit.");
  }
}

}  // namespace ctl

#endif  // CERTIFIER_ADMIN_SERVICE_CTL_PAGES_H
