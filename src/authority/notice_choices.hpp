// What one chooses of notices, and the calendar of the ends of one's tokens, which whoever has its link
// reads: names and dates, nothing that could be used. Pool threads.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/authority.hpp"
#include "base/secret.hpp"
#include "store/notice_choices.hpp"
#include "store/token_search.hpp"

namespace latchkey::authority {

// Whether one can do without the mails of a kind: not of what tells that somebody else may be at work.
[[nodiscard]] bool may_be_unwanted(store::NoticeKind) noexcept;

struct NoticeChoicesShown {
  store::NoticeChoices choices;
  bool administrator = false;            // of anything: who can have a digest
  std::optional<Time> calendar_made_at;  // none: there is no link
};
[[nodiscard]] NoticeChoicesShown show_notice_choices(Authority&, const Actor&);
// invalid_value for a kind that can't be switched off.
void choose_notices(Authority&, const Actor&, const store::NoticeChoices&);

// The code of a new link; the one before is good no more.
[[nodiscard]] Secret make_calendar_link(Authority&, const Actor&);
void end_calendar_link(Authority&, const Actor&);  // not_found: there is none

struct Calendar {
  std::vector<store::EndingToken> ends;  // of live tokens, the soonest first, a thousand at most
  std::string organization;              // in which the owner's pages are; empty: there is none
};
// Of a link's owner. not_found for a code that isn't good, whatever the cause; too_many_attempts after too
// many of those from one network.
[[nodiscard]] Calendar calendar_of(Authority&, std::string_view code, const Origin&);

// Writes the notices of weekly digests that are due.
void tell_weekly(Authority&);

}  // namespace latchkey::authority
