#ifndef CERTIFIER_SERVICE_RECENT_MAP_H
#define CERTIFIER_SERVICE_RECENT_MAP_H

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>

namespace service {

// RecentMap remembers a value for each of at most `most` keys, at least 1; past that the key that was touched longest
// ago is forgotten. Not safe from several threads.
template <class Value>
class RecentMap {
 public:
  explicit RecentMap(std::size_t most) : most_(most) {}

  // Find is the value of `key`, or null. It does not count as a touch; what it points to lives until the next Touch.
  const Value* Find(const std::string& key) const {
    const auto found = places_.find(key);
    return found == places_.end() ? nullptr : &found->second->second;
  }
  // Touch is the value of `key`, which becomes the newest; `fresh` if there was none.
  Value& Touch(const std::string& key, const Value& fresh) {
    if (const auto found = places_.find(key); found != places_.end()) {
      recent_.splice(recent_.begin(), recent_, found->second);
      return recent_.front().second;
    }
    if (places_.size() >= most_) {
      places_.erase(recent_.back().first);
      recent_.pop_back();
    }
    recent_.emplace_front(key, fresh);
    places_.emplace(key, recent_.begin());
    return recent_.front().second;
  }
  std::size_t size() const { return places_.size(); }
  // The newest first.
  auto begin() const { return recent_.begin(); }
  auto end() const { return recent_.end(); }

 private:
  using Recent = std::list<std::pair<const std::string, Value>>;
  const std::size_t most_;
  Recent recent_;
  std::unordered_map<std::string, typename Recent::iterator> places_;
};

}  // namespace service

#endif  // CERTIFIER_SERVICE_RECENT_MAP_H
