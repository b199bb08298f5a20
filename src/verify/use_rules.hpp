// What an organization asks of whoever uses something in it, beside what each text grants by itself: rules
// that its administrators made. Most organizations have none. Once published it never changes; any thread,
// nothing allocates.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/network.hpp"
#include "base/time.hpp"
#include "verify/verdict.hpp"

namespace latchkey::verify {

struct UseRules {
  // From its instant on, for everybody but `except` (sorted).
  struct Rule {
    Time from;
    std::vector<UserId> except{};

    [[nodiscard]] bool binds(const UserId& owner, Time now) const noexcept {
      return from <= now && !std::ranges::binary_search(except, owner);
    }
  };
  struct Sources {
    Rule rule;
    std::vector<Network> networks{};
  };
  // A route that needs full access, opened to any token of some people.
  struct OpenRoute {
    std::string route;            // as Demand names it
    std::vector<UserId> users{};  // sorted
  };

  std::optional<Rule> no_global_tokens{};  // texts that are good for all organizations are refused
  std::optional<Sources> sources{};        // texts are refused from other addresses
  std::vector<Digest> banned{};            // texts that are good for all organizations, but not for this one
  std::vector<OpenRoute> open_routes{};
  std::optional<Time> passwords_from{};  // since when passwords over Basic are taken; none: they are not

  // Why a text that is good otherwise is refused. `address` is where the request came from: empty, or what
  // can't be read, lies in no network.
  [[nodiscard]] std::optional<Reason> objection(const Digest& text, bool global, const UserId& owner,
                                                std::string_view address, Time now) const noexcept {
    if (global && no_global_tokens && no_global_tokens->binds(owner, now))
      return Reason::global_tokens_forbidden;
    if (global && std::ranges::find(banned, text) != banned.end()) return Reason::banned_here;
    if (sources && sources->rule.binds(owner, now)) {
      const auto from = Network::parse_address(address);
      const auto contains = [&](const Network& network) { return network.contains(*from); };
      if (!from || std::ranges::none_of(sources->networks, contains)) return Reason::address_not_allowed;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool takes_passwords(Time now) const noexcept {
    return passwords_from && *passwords_from <= now;
  }
  // A member's, from there.
  [[nodiscard]] bool takes_password(const UserId& user, std::string_view address, Time now) const noexcept {
    return takes_passwords(now) && !objection({}, false, user, address, now);
  }
  [[nodiscard]] bool opens(std::string_view route, const UserId& user) const noexcept {
    return std::ranges::any_of(open_routes, [&](const OpenRoute& open) {
      return open.route == route && std::ranges::binary_search(open.users, user);
    });
  }
};

}  // namespace latchkey::verify
