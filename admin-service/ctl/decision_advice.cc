#include "ctl/decision_advice.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace ctl {

namespace v1 = certifier::v1;

namespace {

constexpr char kGateway[] = "gateway: ";

struct Entry {
  std::string_view reason;  // A whole name of a check or module, or the beginning of a gateway's word.
  std::string_view finding;
  std::string_view advice;
};

constexpr std::string_view kNewKey =
    "Make a key and give it to the device: certifierctl key create --entity NAME --ca NAME";
constexpr std::string_view kUsePolicy = "Change what the device asks for, or the policy: certifierctl policy get NAME";

// Names of the engine's checks, before every chain and around them.
constexpr std::array kChecks = {
    Entry{"key_unknown", "The challenge password is the value of no pre-shared key",
          "Look for a typing error on the device; a key's last character checks the others. Else make a new key: "
          "certifierctl key create --entity NAME --ca NAME"},
    Entry{"key_of_another_ca", "The pre-shared key is good for another CA only",
          "Enrol at the URL of the key's CA, or make a key for this one: certifierctl key list"},
    Entry{"key_disabled", "The pre-shared key was disabled by an operator", kNewKey},
    Entry{"key_not_yet_good", "The pre-shared key is not good yet", "Wait, or make a key that is good at once"},
    Entry{"key_expired", "The pre-shared key has expired", kNewKey},
    Entry{"key_used_up",
          "The pre-shared key has no use left; a key that comes again with another request may have been disclosed",
          "Ask who used it (certifierctl key list), then make a new key"},
    Entry{"key_attributes_unreadable", "The attributes of the pre-shared key cannot be read", "Make a new key"},
    Entry{"entity_inactive", "The entity is inactive", "Make it active again if it should have certificates"},
    Entry{"entity_attributes_unreadable", "The attributes of the entity cannot be read", "Set them anew"},
    Entry{"names_are_not_the_keys", "The request asks for other names than the pre-shared key is bound to",
          "Set the subject and alternative names on the device as the key has them, or make a key for those names"},
    Entry{"names_are_not_the_entitys", "The request asks for other names than the entity is bound to",
          "Set the subject and alternative names on the device as the entity has them"},
    Entry{"signer_key_is_not_request_key", "The message is signed by another key than the certificate is asked for",
          "Let the client sign with the key of its request; if it cannot: certifierctl ca set NAME "
          "enforce-signer-key=off"},
    Entry{"signer_subject_is_not_request_subject",
          "The certificate that signed the message has another subject than the request",
          "Let the client use one subject for both, or: certifierctl ca set NAME enforce-signer-subject=off"},
    Entry{"signer_is_not_ours", "The message is signed by a certificate of another CA and brings no challenge password",
          kNewKey},
    Entry{"renewal_signer_is_self_issued", "A renewal must be signed by the certificate that it renews",
          "Let the client sign with its certificate, or enrol anew with a key"},
    Entry{"renewal_signer_is_not_ours", "The renewal is signed by a certificate that we did not issue",
          "Enrol anew with a key"},
    Entry{"renewal_is_switched_off", "The CA takes no renewals", "Enrol anew with a key, or change the CA's options"},
    Entry{"renewal_of_another_ca", "The certificate that signed is of another CA of ours", "Renew at its CA's URL"},
    Entry{"renewal_certificate_revoked", "The certificate that signed is revoked or suspended",
          "Reactivate it if it was suspended, or enrol anew with a key"},
    Entry{"renewed_too_often", "The certificate was renewed as often as the policy allows",
          "Renew with the newest certificate, or enrol anew with a key"},
    Entry{"transaction_id_collision", "Another device has an open request under this transactionID",
          "Let the device draw a new transactionID; look at the other: certifierctl request list --state pending"},
    Entry{"too_much_is_pending", "As many requests wait for an operator as may; the device was told to come back",
          "Decide what waits: certifierctl request list --state pending"},
    Entry{"too_many_wrong_keys",
          "The source brought many wrong challenge passwords and must wait; this one was not looked at",
          "Correct the device's key and wait for the time that it was told"},
    Entry{"message_type", "The messageType cannot lead to a certificate", "Look at the client's settings"},
    Entry{"signer_certificate", "The certificate that signed the message cannot be read",
          "Look at the client's version; it makes a certificate that is none"},
    Entry{"certification_request", "The PKCS#10 cannot be read, or its signature is not by its key",
          "Look at the client's version and its key"},
    Entry{"unknown_transaction", "A poll for a transaction that we do not have, or by another key",
          "Let the device enrol anew; it may have lost its key or speak to another installation"},
    Entry{"waits", "The request waits for an operator", "Decide it: certifierctl request show NUMBER"},
    Entry{"certificate_is_revoked", "The certificate of this transaction is revoked or suspended",
          "Let the device enrol anew"},
    Entry{"retention_is_over", "The certificate of this transaction is repeated no more", "Let the device enrol anew"},
    Entry{"rejected_by_operator", "An operator rejected the request", "See why: certifierctl request show NUMBER"},
    Entry{"nobody_decided_in_time", "Nobody decided the request in time", "Let the device enrol anew"},
    Entry{"repeated", "The device asked again and got the answer from before", ""},
    Entry{"issued", "The device polled and got its certificate", ""},
};

// Modules of chains.
constexpr std::array kModules = {
    Entry{"match_subject", "The policy does not allow the subject", kUsePolicy},
    Entry{"match_alternative_names", "The policy does not allow the alternative names", kUsePolicy},
    Entry{"allowed_keys", "The policy does not allow the device's key",
          "Let the device make a key of an allowed kind, or change the policy"},
    Entry{"unique_key", "The device's key is in use already", "Let the device make a new key pair"},
    Entry{"require_key", "The policy asks for a pre-shared key", kNewKey},
    Entry{"require_entity", "The policy asks for an entity that the request is not for", kUsePolicy},
    Entry{"require_signer", "The policy renews only what it issued, within bounds that do not hold here",
          "Wait for the renewal window, or enrol anew with a key"},
    Entry{"approval", "Too few operators have approved it yet, or not those that the policy asks for",
          "See who is missing: certifierctl request show NUMBER"},
    Entry{"require_approval", "The policy asks for operators' approval", "Decide it: certifierctl request list"},
    Entry{"active_certificate_limit", "The entity has as many certificates as it may",
          "Revoke what is not in use: certifierctl certificate list"},
    Entry{"request_rate_limit", "The entity asked too often", "Wait; look why the device asks again and again"},
    Entry{"webhook", "The webhook said no, or did not answer", "Look at the webhook's log"},
    Entry{"deny", "The policy refuses such requests", kUsePolicy},
    Entry{"receive_request", "No module of the policy accepted the request", kUsePolicy},
    Entry{"accept_request", "No module of the policy accepted the certificate", kUsePolicy},
    Entry{"template", "The policy makes a certificate that may not be issued", "Correct the policy"},
};

// What a gateway refuses by itself.
constexpr std::array kGatewayWords = {
    Entry{
        "addressed_to_ca", "The message is encrypted to the CA's certificate, not to the RA's",
        "Let the client fetch GetCACert anew and encrypt to the certificate with keyEncipherment; for strongSwan give "
        "the RA's as --cacert-enc, for sscep -c the RA's file; or run the CA without an RA"},
    Entry{"addressed_to_stranger", "The message is encrypted to a certificate that is none of ours",
          "Let the client fetch GetCACert anew: it holds the certificate of another or an older installation"},
    Entry{"malformed: the envelope", "The envelope does not open, or holds no such request",
          "Look whether the client encrypts to the certificate that GetCACert gives now"},
    Entry{"bad_algorithm", "The client uses an algorithm that is unknown or switched off",
          "Set the client to SHA-256 and AES, or allow the algorithm: certifierctl ca set NAME"},
    Entry{"bad_message_check", "The signature of the message does not hold",
          "Look at what lies between device and gateway, and at the client's version"},
    Entry{"policy_refused", "The signer's key is too weak", "Let the device make a longer key"},
    Entry{"signingTime", "The device's clock is too far off", "Set the device's clock, or the CA's max-skew"},
};

template <std::size_t N>
const Entry* Find(const std::array<Entry, N>& entries, std::string_view name) {
  const auto found = std::ranges::find(entries, name, &Entry::reason);
  return found == entries.end() ? nullptr : &*found;
}

// What the step that refused saw; empty where none did.
std::string SawOf(const v1::DecisionRecord& decision) {
  for (const v1::DecisionStep& step : decision.steps()) {
    if (step.verdict() == v1::VERDICT_DENY || step.verdict() == v1::VERDICT_HOLD) return step.saw();
  }
  return {};
}

DecisionAdvice Told(const Entry& entry, const std::string& saw) {
  return {std::string(entry.finding) + (saw.empty() ? "" : ": " + saw), std::string(entry.advice)};
}

DecisionAdvice GatewayAdvice(std::string_view word) {
  for (const Entry& entry : kGatewayWords) {
    if (word.starts_with(entry.reason)) return Told(entry, std::string(word));
  }
  return {"The gateway refused the message: " + std::string(word), "Look at the client's version and settings"};
}

}  // namespace

DecisionAdvice AdviceOn(const v1::DecisionRecord& decision) {
  const std::string_view reason = decision.reason();
  if (reason.starts_with(kGateway)) return GatewayAdvice(reason.substr(std::string_view(kGateway).size()));
  const std::size_t colon = reason.find(": ");
  const std::string_view name = reason.substr(0, colon);
  const std::string detail(colon == std::string_view::npos ? "" : reason.substr(colon + 2));
  if (const Entry* const check = Find(kChecks, name)) return Told(*check, detail.empty() ? SawOf(decision) : detail);
  if (decision.outcome() == v1::DECISION_OUTCOME_ISSUED) return {"A certificate was issued: " + decision.reason(), ""};
  if (const Entry* const module = Find(kModules, name)) return Told(*module, detail);
  return {decision.reason(), decision.outcome() == v1::DECISION_OUTCOME_REJECTED ? std::string(kUsePolicy) : ""};
}

}  // namespace ctl
