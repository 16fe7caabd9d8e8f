#ifndef CERTIFIER_ENGINE_POLICY_FAULTS_H
#define CERTIFIER_ENGINE_POLICY_FAULTS_H

#include <string>
#include <utility>

namespace engine::policy {

// Faults gathers what is wrong with a document, so that an operator learns all of it at once. Each fault is named by
// where it is: "receive_request[2].set_validity: days is above 3650".
class Faults {
 public:
  void Add(const std::string& fault) { text_ += (text_.empty() ? "" : "; ") + place_ + fault; }
  void Require(bool holds, const std::string& fault) {
    if (!holds) Add(fault);
  }
  // What Add puts before each fault from now on.
  void SetPlace(std::string place) { place_ = std::move(place); }
  // Empty: there is no fault.
  const std::string& text() const { return text_; }

 private:
  std::string text_, place_;
};

}  // namespace engine::policy

#endif  // CERTIFIER_ENGINE_POLICY_FAULTS_H
