// What a webhook is sent of a notice, in the words of who oversees tokens: as a card of Microsoft Teams, a
// message of Slack, or plain JSON. Whatever a name holds is read as it is: it is on one line, turns no
// writing direction, mentions nobody and marks nothing up. Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "delivery/letter.hpp"
#include "store/organization_notices.hpp"

namespace latchkey::delivery {

struct Card {
  std::string id, kind;     // the notice's
  std::string title, text;  // what happened
  struct Fact {
    std::string_view name, title;  // of plain JSON, and as people read it
    std::string value;
  };
  std::vector<Fact> facts{};
  std::string link_text, link;
};
[[nodiscard]] Card card_of(const Told& told, const std::string& id);
[[nodiscard]] Card test_card(std::string_view organization, const std::string& public_url);

[[nodiscard]] std::string webhook_message(store::WebhookFormat format, const Card& card);

}  // namespace latchkey::delivery
