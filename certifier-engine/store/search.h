#ifndef CERTIFIER_ENGINE_STORE_SEARCH_H
#define CERTIFIER_ENGINE_STORE_SEARCH_H

#include <optional>
#include <string>
#include <vector>

#include "store/types.h"

// What lists may be limited to, beside the CAs of a page.
namespace engine::store {

// Terms are words that a row must, may or must not have. Of a term all words count; after an asterisk at its end its
// last one may go on. Words are compared in small letters; they end at white space and punctuation but for "-", "_",
// ".", ":" and "@", and their parts between the last three are words too. Each term has a word, and no control
// character.
struct Terms {
  std::vector<std::string> required;
  std::vector<std::string> optional;  // One of them, if there are any.
  std::vector<std::string> excluded;

  bool empty() const { return required.empty() && optional.empty() && excluded.empty(); }
};

struct RequestFilter {
  std::optional<RequestState> state = {};
  std::string ca = {};     // By its name; empty: all.
  Bytes fingerprint = {};  // Empty, or 16, 20 or 32 octets that either set of the request holds.
  Terms terms = {};        // Not beside a fingerprint. In subject, alternative names, transactionID, source, entity,
                           // key's reference number, and the names of what was issued.
  // Only other requests for the key that this one is for; 0: any. Beside none of the others.
  std::int64_t same_key_as = 0;
  bool oldest_first = false;  // Beside neither a fingerprint nor terms.
};

enum class CertificateStatus { kGood, kSuspended, kRevoked };

struct CertificateFilter {
  std::string ca = {};
  std::optional<CertificateStatus> status = {};
  Terms terms = {};  // In what its request is found by.
};

}  // namespace engine::store

#endif  // CERTIFIER_ENGINE_STORE_SEARCH_H
