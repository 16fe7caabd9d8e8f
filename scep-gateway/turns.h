#ifndef CERTIFIER_SCEP_GATEWAY_TURNS_H
#define CERTIFIER_SCEP_GATEWAY_TURNS_H

#include <cstddef>
#include <memory>
#include <string>

namespace gateway {

// Turns bounds how many of something are under way at once, from one source and from all together. A source is an IPv4
// address or an IPv6 /64. Safe from any thread.
class Turns {
 public:
  struct Settings {
    std::size_t in_all = 0;
    std::size_t per_source = 0;  // No bound of its own where it is no less than `in_all`.
  };
  enum class Verdict { kOk, kSourceBusy, kAllBusy };
  // Turn ends when its last copy goes, which may be after Turns has gone.
  using Turn = std::shared_ptr<const void>;
  struct Answer {
    Turn turn;  // Null unless kOk.
    Verdict verdict = Verdict::kOk;
  };

  explicit Turns(const Settings& settings);
  Answer Take(const std::string& source);
  // Sources that have a turn.
  std::size_t sources() const;

 private:
  struct State;
  const Settings settings_;
  const std::shared_ptr<State> state_;
};

}  // namespace gateway

#endif  // CERTIFIER_SCEP_GATEWAY_TURNS_H
