// Notices: what a person should hear of their tokens, in the bell. Those of an act are written in its
// transaction; those of an end to come by tell_ends(), which is no decision of a person and writes no audit
// event. Pool threads and the main thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "authority/authority.hpp"
#include "store/notices.hpp"
#include "store/tokens.hpp"

namespace latchkey::authority {

// Tells the owner of a token what was done to it: `event` is that act's.
void notify(store::Transaction& transaction, Time now, const store::Token& token, store::NoticeKind kind,
            std::int64_t event);

// Tells somebody anything else; the notice gets its id and its time here.
void notify(store::Transaction& transaction, Time now, store::Notice notice);

struct NoticesShown {
  std::vector<store::NoticeShown> notices;
  bool more = false;
  std::int64_t unread = 0;
};
// One's own, the latest first.
[[nodiscard]] NoticesShown list_notices(Authority&, const Actor&,
                                        const std::optional<store::NoticeCursor>& after, std::int64_t top);
// Marks them as read; others' count for nothing. Writes no audit event: nothing that anybody else could ask
// for is changed.
void read_notices(Authority&, const Actor&, std::span<const NoticeId>);
void read_all_notices(Authority&, const Actor&);

// Tells of ends that came near or came, on the hour after each step that the settings name: at each once,
// whenever the server was down; of an end for 7 days after it. A bounded number at a time, in transactions
// that others don't wait for. False: there are no more for now.
bool tell_ends(Authority&);
// Throws away notices that are as old as what ended and is not kept any more.
void forget_notices(Authority&);

}  // namespace latchkey::authority
