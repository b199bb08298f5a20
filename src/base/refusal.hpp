// Refusal: a decision's "no". Thrown by whoever decides; turned into an answer in one place (api/refusals.cpp).
// Not for faults: those are std::exceptions of other kinds, logged once and answered 500.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <exception>
#include <string>

namespace latchkey {

// Stable: never renumbered, never reused; a new code goes to the end.
enum class RefusalCode : std::uint16_t {
  invalid_value = 1,          // a value breaks a rule; `field` names it
  not_found = 2,              // not there, or not for the caller to know of
  name_taken = 3,             // `field` names what must be unique
  not_signed_in = 4,          // no good credential
  forbidden = 5,              // a good credential without the right
  display_name_required = 6,  // a token's name is missing
  invalid_display_name = 7,   // a token's name breaks a rule
  invalid_valid_to = 8,       // a token's end lies in the past, or is no date
  invalid_scope = 9,          // a token's scopes hold one that is unknown or not offered
  token_not_found = 10,       // no such token of the caller's
  token_revoked = 11,         // a revoked token can't be changed
  last_administrator = 12,    // the last one can't be removed, disabled or demoted
  version_missing = 13,       // a request without the api-version that it needs
  version_invalid = 14,       // an api-version that can't be read
  version_too_new = 15,       // an api-version beyond the newest
  preview_flag_missing = 16,  // a preview resource without "-preview"
  malformed_request = 17,     // a body or query that can't be read
  too_many_attempts = 18,     // throttled; try again later
  busy = 19,                  // bounded work is full; try again later
  storage_full = 20,          // the disk or quota is full
  unavailable = 21,           // can't decide now; repeat
  strong_sign_in_required = 22,  // sign in again, then repeat
  new_password_required = 23,    // a first password is good for replacing it alone
  global_token_policy = 24,      // a policy allows tokens for one organization only
  full_scope_policy = 25,        // a policy forbids full access
  lifespan_policy = 26,          // a policy allows a shorter life only
  creation_policy = 27,          // a policy lets the caller make no tokens, or none but for packages
  token_policy = 28,             // another policy about tokens forbids it
};

class Refusal : public std::exception {
 public:
  // `message` tells its reader what to do; it never holds a secret. `field`: what it is about, or empty.
  Refusal(RefusalCode code, std::string message, std::string field = {})
      : code_(code), message_(std::move(message)), field_(std::move(field)) {}

  [[nodiscard]] RefusalCode code() const noexcept { return code_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  [[nodiscard]] const std::string& field() const noexcept { return field_; }
  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

 private:
  RefusalCode code_;
  std::string message_, field_;
};

}  // namespace latchkey
