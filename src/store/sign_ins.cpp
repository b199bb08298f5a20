// SPDX-License-Identifier: Apache-2.0
#include "store/sign_ins.hpp"

#include "store/transaction.hpp"

namespace latchkey::store {
namespace {

void read_sign_in(const Row& row, SignIn& sign_in) {
  read_row(row, sign_in.id, sign_in.digest, sign_in.user, sign_in.address, sign_in.agent, sign_in.seen_at,
           sign_in.strong_at, sign_in.ends_at, sign_in.created_at);
}

std::string sign_ins(std::string_view rest) {
  return std::string(
             "select id, digest, user_id, address, agent, seen_at, strong_at, ends_at, created_at from "
             "sign_ins ") += rest;
}

}  // namespace

void insert_sign_in(Transaction& transaction, const SignIn& sign_in) {
  transaction.execute(
      "insert into sign_ins (id, digest, user_id, address, agent, seen_at, strong_at, ends_at, created_at) "
      "values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      sign_in.id, sign_in.digest, sign_in.user, sign_in.address, sign_in.agent, sign_in.seen_at,
      sign_in.strong_at, sign_in.ends_at, sign_in.created_at);
}

std::optional<SignIn> find_sign_in(Transaction& transaction, const Digest& digest) {
  return transaction.one(sign_ins("where digest = $1"), read_sign_in, digest);
}

std::vector<SignIn> sign_ins_of(Transaction& transaction, const UserId& user) {
  return transaction.all(sign_ins("where user_id = $1 order by seen_at desc, id"), read_sign_in, user);
}

void see_sign_in(Transaction& transaction, const SignInId& id, Time seen_at) {
  transaction.execute("update sign_ins set seen_at = $1 where id = $2", seen_at, id);
}

void delete_sign_in(Transaction& transaction, const SignInId& id) {
  transaction.execute("delete from sign_ins where id = $1", id);
}

void delete_sign_ins_of(Transaction& transaction, const UserId& user) {
  transaction.execute("delete from sign_ins where user_id = $1", user);
}

void delete_other_sign_ins(Transaction& transaction, const UserId& user, const SignInId& kept) {
  transaction.execute("delete from sign_ins where user_id = $1 and id <> $2", user, kept);
}

void delete_sign_ins_ended_before(Transaction& transaction, Time time) {
  transaction.execute("delete from sign_ins where ends_at < $1", time);
}

}  // namespace latchkey::store
