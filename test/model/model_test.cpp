// Random histories of create, edit, regenerate, revoke, disable, enable, restart and clock steps, against a
// reference authority of some dozens of lines that knows neither a store nor an index. After each step every
// text ever given out is presented, and must be accepted or refused for the reference's reason.
//
// The seed of a failing history is printed; LATCHKEY_MODEL_SEED runs that one alone.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <random>

#include "authority/directory.hpp"
#include "authority/testing.hpp"

namespace latchkey::authority {
namespace {

using namespace std::chrono_literals;
using verify::Reason;

// ---- the reference
// ---------------------------------------------------------------------------------------------

// What token.md says of a token's life, and nothing else.
class Reference {
 public:
  struct Secret {
    std::optional<Time> replaced_at;  // the end of its grace
    std::string text;
  };
  struct Token {
    TokenId id;
    std::size_t owner;
    Time valid_to;
    bool revoked = false;
    std::vector<Secret> secrets;  // the newest last
  };

  std::vector<Token> tokens;
  std::vector<bool> enabled;

  // None: accepted.
  [[nodiscard]] std::optional<Reason> answer(const Token& token, const Secret& secret, Time now) const {
    if (token.revoked) return Reason::revoked;
    // What ended first is the cause.
    const Time end = std::min(token.valid_to, secret.replaced_at.value_or(token.valid_to));
    if (now >= end) return end < token.valid_to ? Reason::replaced : Reason::expired;
    if (!enabled[token.owner]) return Reason::owner_disabled;
    return std::nullopt;
  }

  void regenerate(Token& token, std::string text, Time now, Time valid_to, std::chrono::seconds grace) {
    for (Secret& secret : token.secrets)
      if (!secret.replaced_at)
        secret.replaced_at = std::max(now, std::min(now + grace, token.valid_to));
      else
        secret.replaced_at = std::min(now, *secret.replaced_at);
    token.valid_to = valid_to;
    token.secrets.push_back({.replaced_at = {}, .text = std::move(text)});
  }
};

// ---- a history
// -------------------------------------------------------------------------------------------------

class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed), owners_{world_.ann, world_.ben} {
    reference_.enabled.assign(owners_.size(), true);
  }

  void step() {
    switch (below(12)) {
      case 0:
      case 1:
        create();
        break;
      case 2:
      case 3:
        edit();
        break;
      case 4:
      case 5:
        regenerate();
        break;
      case 6:
        revoke();
        break;
      case 7:
        set_enabled();
        break;
      case 8:
        world_.restart();
        break;
      default:
        step_clock();
    }
  }

  void expect_agreement() {
    for (const auto& token : reference_.tokens)
      for (const auto& secret : token.secrets) {
        const auto verdict = world_.node->verdict(secret.text, World::organization_name);
        const auto* refused = std::get_if<verify::Refused>(&verdict);
        ASSERT_EQ(refused != nullptr ? std::optional(refused->reason) : std::nullopt,
                  reference_.answer(token, secret, world_.now()))
            << "token " << token.id.text() << " after: " << told_;
      }
    ASSERT_EQ(static_cast<std::int64_t>(world_.audit().size()), accepted_);
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  Actor owner_of(const Reference::Token& token) { return World::signed_in(owners_[token.owner]); }
  Reference::Token* some_token() {
    return reference_.tokens.empty() ? nullptr : &reference_.tokens[below(reference_.tokens.size())];
  }
  Time some_end() { return world_.now() + std::chrono::hours(1 + below(24 * 40)); }

  // Runs a decision that the reference expects to be refused with `expected`, or accepted. True: it was
  // accepted.
  template <class Act>
  bool accepted(std::string_view what, std::optional<RefusalCode> expected, Act act) {
    told_.append(what).append(" ");
    const auto refused = refusal_of([&] { return act(), 0; });
    EXPECT_EQ(refused, expected) << told_;
    return !refused;
  }
  std::optional<RefusalCode> refusal_for(const Reference::Token& token, bool changes) {
    if (!reference_.enabled[token.owner]) return RefusalCode::not_signed_in;
    if (token.revoked && changes) return RefusalCode::token_revoked;
    return std::nullopt;
  }

  // In all, less than the 90 days for which what became of a text is remembered.
  void step_clock() {
    const std::chrono::hours by(below(4) == 0 ? 24 * below(20) : below(13));
    if ((clock_ahead_ += by) < 24h * 90) world_.advance(by);
  }

  void create() {
    const std::size_t owner = below(owners_.size());
    std::optional<IssuedToken> issued;
    const Time end = some_end();
    const auto expected =
        reference_.enabled[owner] ? std::nullopt : std::optional(RefusalCode::not_signed_in);
    if (!accepted("create", expected, [&] {
          issued = create_token(world_.authority(), World::signed_in(owners_[owner]), world_.organization,
                                {.name = "x", .scopes = "vso.code", .valid_to = end, .description = {}});
        }))
      return;
    ++accepted_;
    reference_.tokens.push_back({.id = issued->token.id, .owner = owner, .valid_to = end, .secrets = {}});
    reference_.tokens.back().secrets.push_back(
        {.replaced_at = {}, .text = std::string(issued->text.reveal())});
  }

  void edit() {
    Reference::Token* token = some_token();
    if (token == nullptr) return;
    const Time end = some_end();
    if (!accepted("edit", refusal_for(*token, true), [&] {
          static_cast<void>(edit_token(world_.authority(), owner_of(*token), world_.organization,
                                       {.id = token->id,
                                        .name = {},
                                        .scopes = {},
                                        .description = {},
                                        .valid_to = end,
                                        .all_organizations = {}}));
        }))
      return;
    ++accepted_;
    token->valid_to = end;
  }

  void regenerate() {
    Reference::Token* token = some_token();
    if (token == nullptr) return;
    const Time end = some_end();
    const std::chrono::seconds grace = below(2) == 0 ? 0s : std::chrono::hours(below(25));
    std::optional<IssuedToken> issued;
    if (!accepted("regenerate", refusal_for(*token, true), [&] {
          issued = regenerate_token(world_.authority(), owner_of(*token), token->id, end, grace);
        }))
      return;
    ++accepted_;
    reference_.regenerate(*token, std::string(issued->text.reveal()), world_.now(), end, grace);
  }

  void revoke() {
    Reference::Token* token = some_token();
    if (token == nullptr) return;
    if (!accepted("revoke", refusal_for(*token, false),
                  [&] { revoke_token(world_.authority(), owner_of(*token), token->id); }))
      return;
    if (!token->revoked) ++accepted_;
    token->revoked = true;
  }

  void set_enabled() {
    const std::size_t owner = below(owners_.size());
    const bool enabled = below(3) != 0;
    if (!accepted(enabled ? "enable" : "disable", std::nullopt, [&] {
          set_user_enabled(world_.authority(), World::signed_in(world_.admin), owners_[owner], enabled);
        }))
      return;
    if (reference_.enabled[owner] != enabled) ++accepted_;
    reference_.enabled[owner] = enabled;
  }

  World world_;
  std::mt19937_64 random_;
  std::vector<UserId> owners_;
  Reference reference_;
  std::chrono::hours clock_ahead_{0};
  std::int64_t accepted_ = 0;
  std::string told_;
};

void run(std::uint64_t seed) {
  SCOPED_TRACE("LATCHKEY_MODEL_SEED=" + std::to_string(seed));
  constexpr int steps = 120;
  History history(seed);
  for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) {
    history.step();
    history.expect_agreement();
  }
}

TEST(Model, agrees_with_the_reference_after_every_step) {
  if (const char* seed = std::getenv("LATCHKEY_MODEL_SEED")) return run(std::stoull(seed));
  std::random_device device;
  for (int i = 0; i < 25 && !HasFailure(); ++i) run(device());
}

}  // namespace
}  // namespace latchkey::authority
