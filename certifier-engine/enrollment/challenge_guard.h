#ifndef CERTIFIER_ENGINE_ENROLLMENT_CHALLENGE_GUARD_H
#define CERTIFIER_ENGINE_ENROLLMENT_CHALLENGE_GUARD_H

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "clock.h"
#include "result/result.h"
#include "service/recent_map.h"

namespace engine::enrollment {

// ChallengeGuard slows down whoever guesses pre-shared keys, and says when to raise an alarm (requirements S-22). A
// wrong key is one that vouches for nothing at that CA, for whatever reason. They are counted for each CA and source,
// an IPv4 address or an IPv6 /64, and for each CA over all sources, and are forgiven evenly. A source past its bound
// must wait, twice as long after each further wrong key. While a CA is past its bound, each source must wait after each
// wrong key that it brings to it, the first included. Nobody else waits, so that no flood of wrong keys keeps away who
// has none. Each engine counts for itself, in memory.
// Safe from any thread.
class ChallengeGuard {
 public:
  struct Settings {
    // Wrong keys of one source at one CA before it is slowed, and how many are forgiven in `window`; 0: nobody is
    // slowed.
    std::uint64_t per_source = 10;
    // The same of all sources together, before an alarm and before each further wrong key makes its source wait; 0: any
    // number.
    std::uint64_t per_ca = 200;
    // That wait; 0: none. At most `longest_delay`.
    std::chrono::milliseconds ca_delay = std::chrono::minutes(2);
    std::chrono::milliseconds window = std::chrono::minutes(10);
    // The wait after the first wrong key past the bound, and the longest one.
    std::chrono::milliseconds first_delay = std::chrono::seconds(1);
    std::chrono::milliseconds longest_delay = std::chrono::minutes(15);
    // Sources, CAs and used-up keys remembered, of each; past it the one that was wrong longest ago is forgotten.
    std::size_t max_sources = 65536;
  };
  // Attempt says who brings a challenge to which CA.
  struct Attempt {
    std::int64_t ca_id = 0;
    std::string_view source_address;
  };
  // Alarm is why somebody should look: a source that must wait, a CA that many try keys at, or a key that was used up
  // and comes with another request, which RFC 8894 section 7.3 takes for a sign that it was disclosed.
  enum class Alarm { kSource, kCa, kUsedUpKey };

  explicit ChallengeGuard(const Settings& settings);

  // DelayFor is how long the source must wait before a challenge of its is looked at again; zero: not at all. It says
  // nothing of the challenge.
  std::chrono::milliseconds DelayFor(const Attempt& attempt, TimePoint now) const;
  // NoteWrong counts a wrong key. The alarms to raise are those whose episode begins with it: an episode ends when all
  // is forgiven.
  std::vector<Alarm> NoteWrong(const Attempt& attempt, TimePoint now);
  // NoteUsedUp counts a key that was used up, by its reference number, and as a wrong key. Its episode ends when it did
  // not come for `window`.
  std::vector<Alarm> NoteUsedUp(const Attempt& attempt, const std::string& reference_number, TimePoint now);
  // Sources past their bound, or that wait because their CA is.
  std::size_t slowed(TimePoint now) const;

 private:
  // Count is a number of wrong keys as it was at `at`.
  struct Count {
    double wrong = 0;
    TimePoint at;
    TimePoint wait_until;
    bool is_alarmed = false;
  };
  double WrongAt(const Count& count, std::uint64_t bound, TimePoint now) const;
  // Add counts one more; true if an episode begins.
  bool Add(Count& count, std::uint64_t bound, TimePoint now) const;
  std::chrono::milliseconds DelayPast(double excess) const;
  std::vector<Alarm> Note(const Attempt& attempt, TimePoint now);
  // NoteCa counts for the CA; whether it is past its bound.
  bool NoteCa(const Attempt& attempt, TimePoint now, std::vector<Alarm>& alarms);

  const Settings settings_;
  mutable std::mutex mutex_;  // Guards the three below.
  service::RecentMap<Count> sources_, cas_;
  service::RecentMap<TimePoint> used_up_;  // When it last came.
};

// ToString names `alarm` for logs and metrics: "source", "ca", "used_up_key".
std::string_view ToString(ChallengeGuard::Alarm alarm);

// CheckDelay: unavailable for a wait that is not over, with `why` and how long it takes still.
result::Result<void> CheckDelay(std::chrono::milliseconds delay, std::string_view why);

}  // namespace engine::enrollment

#endif  // CERTIFIER_ENGINE_ENROLLMENT_CHALLENGE_GUARD_H
