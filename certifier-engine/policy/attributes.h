#ifndef CERTIFIER_ENGINE_POLICY_ATTRIBUTES_H
#define CERTIFIER_ENGINE_POLICY_ATTRIBUTES_H

#include <string>
#include <string_view>
#include <vector>

#include "policy/facts.h"

namespace engine::policy {

// ReadAttributes reads a JSON object of text values, as it is stored; "" is none. Malformed: anything else.
result::Result<Attributes> ReadAttributes(std::string_view json);
// WriteAttributes writes what ReadAttributes reads; "" for none.
std::string WriteAttributes(const Attributes& attributes);
inline constexpr std::size_t kMostAttributes = 64;

// CheckAttributes says what is wrong with attributes that an operator gives: at most 64; names of 1 to 64 characters of
// [A-Za-z0-9._-]; values of 1 to 1000 octets of valid UTF-8 without control characters. Malformed.
result::Result<void> CheckAttributes(const Attributes& attributes);
// CheckAttributeNames says the same of names alone.
result::Result<void> CheckAttributeNames(const std::vector<std::string>& names);

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_ATTRIBUTES_H
