// PasswordUses: who acts under a password for longer than an instant (Git's transfers), so that whatever ends
// the right to do so reaches them. What an organization rules of passwords is in the index (use_rules.hpp);
// what changes of a user is told here, since the index finds users by their tokens alone.
//
// A use is listed first and what it stands on is read afterwards, and each change is told before its decision
// is answered: so either the read sees the change, or the change finds the use in the list.
//
// Threads: tell() is the store's writer's; everything else any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <span>
#include <unordered_set>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/mutex.hpp"
#include "store/change.hpp"

namespace latchkey::authority {

class PasswordUse;

class PasswordUses {
 public:
  void tell(std::span<const store::Change> changes);

 private:
  friend class PasswordUse;
  Mutex mutex_;
  std::unordered_set<PasswordUse*> listed_ LATCHKEY_GUARDED_BY(mutex_);
};

class PasswordUse {
 public:
  // `kept`: the digest of what is kept of the password. `uses` must outlive it.
  PasswordUse(PasswordUses& uses, const UserId& user, const OrganizationId& organization, const Digest& kept);
  ~PasswordUse();
  PasswordUse(const PasswordUse&) = delete;
  PasswordUse& operator=(const PasswordUse&) = delete;

  // False from the first change on after which the user is disabled, no member, or has another password.
  [[nodiscard]] bool is_good() const noexcept { return !ended_.load(std::memory_order_acquire); }

 private:
  friend class PasswordUses;
  [[nodiscard]] bool is_ended_by(const store::Change& change) const;

  PasswordUses& uses_;
  const UserId user_;
  const OrganizationId organization_;
  const Digest kept_;
  std::atomic<bool> ended_ = false;
};

}  // namespace latchkey::authority
