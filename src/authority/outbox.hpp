// What becomes of a row of the outbox, by whichever channel it goes: what delivery/ writes of each. No
// decision of a person, and no event. `why`: the receiver's own words. delivery's threads.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "authority/authority.hpp"
#include "store/organization_notices.hpp"
#include "store/outbox.hpp"

namespace latchkey::authority {

// What was not taken for so long is not tried again by itself.
inline constexpr std::chrono::days tried_for{5};
// From the first failure on: doubled each time. 4 hours at most; of a receiver that takes nothing, which is
// asked for all at once, a quarter of an hour.
inline constexpr std::chrono::minutes longest_wait_for_receiver{15};
[[nodiscard]] std::chrono::microseconds back_off(std::int64_t attempts,
                                                 std::chrono::microseconds longest) noexcept;
// A receiver that asks for a longer wait gets it, up to this.
inline constexpr std::chrono::days longest_wait_asked_for{1};

void outbox_done(Authority&, const store::OutboxRow&);  // sent, or of nothing that still holds
void outbox_refused(Authority&, store::OutboxRow, std::string_view why);  // for good
void outbox_put_off(Authority&, store::OutboxRow, std::string_view why);  // this one
void outbox_blocked(Authority&, store::OutboxRow, std::string_view why);  // its receiver takes none

// The same of a webhook; nothing, where it was set anew meanwhile: what waits goes there at once then.
// `asked_for`: how long it wants to be left alone.
void webhook_refused(Authority&, const store::Webhook& sent_to, store::OutboxRow, std::string_view why);
void webhook_blocked(Authority&, const store::Webhook& sent_to, store::OutboxRow, std::string_view why,
                     std::chrono::microseconds asked_for);

// What is kept and shown of a receiver's words: bounded, on one line, without a token's text.
[[nodiscard]] std::string kept_words(std::string_view why);

}  // namespace latchkey::authority
