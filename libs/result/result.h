#ifndef CERTIFIER_RESULT_RESULT_H
#define CERTIFIER_RESULT_RESULT_H

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace result {

// Reason is why an operation failed: the closed set of failures that some caller must tell apart.
enum class Reason {
  kMalformed,           // The input is not what the format says.
  kBadAlgorithm,        // An algorithm or key that is unknown, switched off or too weak.
  kBadMessageCheck,     // A signature or digest does not verify.
  kBadTime,             // A time outside the window that was asked for.
  kUnknownCertificate,  // No certificate or transaction answers to that name.
  kUnauthorized,        // The caller, or what it presented, may not do this.
  kPolicyRefused,       // Understood and refused by rule.
  kNotFound,            // No such object.
  kConflict,            // The object exists already or is not in the expected state.
  kUnavailable,         // Something that is needed is away or full; nothing was recorded; try again.
  kInternal,            // A bug, or a state that the program believes impossible.
};

// ToString names `reason` for logs and metrics: "malformed", "bad_algorithm", ...
std::string_view ToString(Reason reason);

// Error is an expected failure. `detail` is for operators and logs; it holds no secret and never leaves for a device.
struct Error {
  Reason reason;
  std::string detail;
};

template <class T>
using Result = tl::expected<T, Error>;

// Fail builds the failed side of any Result.
inline tl::unexpected<Error> Fail(Reason reason, std::string detail) {
  return tl::unexpected<Error>(Error{reason, std::move(detail)});
}

// Wrap hands `error` on with "context: " in front of its detail.
inline tl::unexpected<Error> Wrap(std::string_view context, Error error) {
  error.detail.insert(0, std::string(context) + ": ");
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace result

#define CERTIFIER_RESULT_JOIN_(a, b) a##b
#define CERTIFIER_RESULT_JOIN(a, b) CERTIFIER_RESULT_JOIN_(a, b)

// RETURN_IF_ERROR(expression): leaves the function with the error of a failed Result.
#define RETURN_IF_ERROR(expression)                                                    \
  do {                                                                                 \
    if (auto result_of_expression = (expression); !result_of_expression.has_value())   \
      return tl::unexpected<::result::Error>(std::move(result_of_expression).error()); \
  } while (false)

// ASSIGN_OR_RETURN(declaration, expression): unwraps a Result into `declaration` or leaves with its error.
#define ASSIGN_OR_RETURN(declaration, expression) \
  ASSIGN_OR_RETURN_(CERTIFIER_RESULT_JOIN(result_at_line_, __LINE__), declaration, expression)
#define ASSIGN_OR_RETURN_(variable, declaration, expression)                                      \
  auto variable = (expression);                                                                   \
  if (!variable.has_value()) return tl::unexpected<::result::Error>(std::move(variable).error()); \
  declaration = *std::move(variable)

#endif  // CERTIFIER_RESULT_RESULT_H
