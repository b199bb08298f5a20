// Webhooks: sends what lies in the outbox for organizations' webhooks. Each gets its messages one after
// another, in order; organizations don't wait for one another. What became of a message is committed before
// the next is begun, so that a crash can double one at most: the one that its receiver took just before. A
// receiver that takes nothing is asked again later, for one message; one that refuses a message loses that
// alone.
//
// Threads: DueWork's, between start() and stop(). test(): any.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "authority/organization_notices.hpp"
#include "base/mutex.hpp"
#include "delivery/due_work.hpp"

namespace latchkey::delivery {

class Webhooks {
 public:
  // `public_url`: without a trailing slash.
  Webhooks(authority::Authority& authority, std::string public_url);
  ~Webhooks() = default;
  Webhooks(const Webhooks&) = delete;
  Webhooks& operator=(const Webhooks&) = delete;

  struct Tested {
    bool taken = false;
    std::string reply;  // the receiver's own words, or why it has said none
  };
  // Sends a message that says it is a test; one at a time for an organization, a few in all, since who asks
  // waits.
  [[nodiscard]] Tested test(const OrganizationId& organization, std::string_view name,
                            const authority::OpenWebhook& webhook);
  void start();
  void stop();  // waits for messages that are on their way, half a minute at most

 private:
  [[nodiscard]] std::vector<DueWork::Piece> due();

  authority::Authority& authority_;
  const std::string public_url_;
  Mutex mutex_;
  std::set<OrganizationId> tested_ LATCHKEY_GUARDED_BY(mutex_);
  std::optional<DueWork> work_;
};

// Sends the next of an organization's; false: there is none for now, or its receiver takes none.
bool send_next_to_webhook(authority::Authority&, const OrganizationId&, const std::string& public_url);

// What a receiver said, for people: without the URL that it was sent to, or a part of it that only who has it
// could know.
[[nodiscard]] std::string words_without(std::string words, std::string_view url);

}  // namespace latchkey::delivery
