// Sign-ins: the sessions behind the portal's cookie. Functions of one transaction.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

namespace latchkey::store {

class Transaction;

struct SignIn {
  SignInId id;
  Digest digest;
  UserId user;
  std::string address, agent;
  Time seen_at, strong_at, ends_at, created_at;
};
void insert_sign_in(Transaction&, const SignIn&);
[[nodiscard]] std::optional<SignIn> find_sign_in(Transaction&, const Digest&);
[[nodiscard]] std::vector<SignIn> sign_ins_of(Transaction&, const UserId&);  // the last seen first
void see_sign_in(Transaction&, const SignInId&, Time seen_at);
void delete_sign_in(Transaction&, const SignInId&);
void delete_sign_ins_of(Transaction&, const UserId&);
void delete_other_sign_ins(Transaction&, const UserId&, const SignInId& kept);
void delete_sign_ins_ended_before(Transaction&, Time);

}  // namespace latchkey::store
