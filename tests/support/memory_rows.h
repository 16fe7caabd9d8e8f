#ifndef CERTIFIER_TESTS_SUPPORT_MEMORY_ROWS_H
#define CERTIFIER_TESTS_SUPPORT_MEMORY_ROWS_H

#include <algorithm>
#include <string>
#include <vector>

#include "store/administration_store.h"

// How MemoryStore's tables compare names, number rows and give pages.
namespace engine::store {

inline std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

inline bool IsSameName(const std::string& a, const std::string& b) {
  return Lower(a) == Lower(b);
}

template <class Id>
Id Next(std::size_t rows) {
  return static_cast<Id>(rows) + 1;
}

// Whether what belongs to this CA is listed.
inline bool IsAmong(std::int64_t ca_id, const CaIds& ca_ids) {
  return !ca_ids || std::ranges::find(*ca_ids, ca_id) != ca_ids->end();
}

// The page of what `admits`, newest first; `id_of` gives a row's id and `show` what is returned of it.
template <class Shown, class Rows, class IdOf, class Admits, class Show>
std::vector<Shown> PageOf(const Rows& rows, Page page, IdOf id_of, Admits admits, Show show) {
  std::vector<Shown> shown;
  for (auto row = rows.rbegin(); row != rows.rend() && shown.size() < page.size; ++row) {
    if ((page.before == 0 || id_of(*row) < page.before) && admits(*row)) shown.push_back(show(*row));
  }
  return shown;
}

}  // namespace engine::store

#endif  // CERTIFIER_TESTS_SUPPORT_MEMORY_ROWS_H
