#ifndef CERTIFIER_TESTS_CONFORMANCE_EXCHANGE_H
#define CERTIFIER_TESTS_CONFORMANCE_EXCHANGE_H

#include <string>
#include <string_view>

#include "tests/integration/gateway/http_client.h"

// HTTP as octets on a socket: nothing of the product's own, and no library that would put things right.
namespace conformance {

using gateway::HttpClient;
using gateway::HttpReply;

// Exchange sends a whole request on a connection of its own; an answer must come.
HttpReply Exchange(int port, std::string_view request);
HttpReply Get(int port, std::string_view target);
// Post sends `body`; `fields` are further lines of the header, each with its line end.
HttpReply Post(int port, std::string_view target, std::string_view body, std::string_view fields = {});
// PostRequest is the octets that Post sends.
std::string PostRequest(std::string_view target, std::string_view body, std::string_view fields = {});

inline constexpr std::string_view kPkiOperation = "/scep?operation=PKIOperation";

// PercentEncode escapes every octet that is no letter or digit.
std::string PercentEncode(std::string_view text);
// Replaced is `text` with every `from` turned into `to`.
std::string Replaced(std::string text, std::string_view from, std::string_view to);

}  // namespace conformance

#endif  // CERTIFIER_TESTS_CONFORMANCE_EXCHANGE_H
