// UseCounts: the uses of tokens that one reactor has seen and nobody has folded into rows yet. A use costs a
// probe and a comparison, and allocates only where it is the first of its kind since the last fold. Memory is
// bounded (some 40 MB for a reactor at worst): a token has at most `of_token_max` kinds that tell address,
// agent and repository, all tokens `detailed_max`; what is beyond is counted for its token as `store::other`,
// and where not even that has room, `lost` counts it.
//
// Two batches take turns: the reactor counts into one while the other is folded. What could not be folded
// stays in its batch and is tried again, while the reactor goes on with the other.
// Threads: add() and turn() belong to the reactor; turned() to whoever folds, but while turn() runs.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/counters.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "token/text.hpp"

namespace latchkey::authority {

// One presentation of a text that we know, accepted or refused.
struct Presented {
  token::Fingerprint fingerprint;
  std::string_view outcome{};    // a literal: store::accepted, or the refusal's name
  std::string_view operation{};  // the scope that was asked for
  std::string_view address{}, agent{};
  std::string_view project{}, repository{};  // as the request names it, in `organization`; empty: none
  std::optional<OrganizationId> organization;
};

// All presentations of one kind.
struct CountedUse {
  token::Fingerprint fingerprint;
  std::string_view outcome;
  std::string operation, address, agent, project, repository;
  std::optional<OrganizationId> organization;
  std::int64_t count = 0;
  Time first_at, last_at;
  std::uint32_t next = 0;  // of the same token; `none` at its end
};

struct UseBatch {
  Uuid id;  // new for each turn
  std::vector<CountedUse> uses;
  std::size_t folded = 0;  // how many of them are in rows
};

class UseCounts {
 public:
  static constexpr std::size_t uses_max = 16 * std::size_t{1024}, detailed_max = uses_max * 3 / 4,
                               of_token_max = 64;

  UseCounts();

  void add(const Presented& presented, Time now);
  // Has brought from memory what add() will look at: first where the uses of a token begin, then, once that
  // is there, the latest of them.
  void fetch_place(const token::Fingerprint& fingerprint) const noexcept;
  void fetch_uses(const token::Fingerprint& fingerprint) const noexcept;
  // Lets the other batch take its turn, if all of it was folded.
  void turn();
  [[nodiscard]] UseBatch& turned() noexcept { return batches_[1 - active_]; }
  [[nodiscard]] const Counter& lost() const noexcept { return lost_; }  // any thread

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  static constexpr std::size_t places = 2 * uses_max;  // so that half of them are free at least

  struct Kinds {
    token::Fingerprint fingerprint;
    std::uint32_t first = none, count = 0;  // none: the place is free
  };
  static std::size_t hash(const token::Fingerprint& fingerprint) noexcept;
  // Of `tokens_`, where its uses begin, or where that would be said. One place is looked at as a rule: what
  // each request asks for must be one look at memory, and one that can be fetched.
  [[nodiscard]] std::size_t place_of(const token::Fingerprint& fingerprint) const noexcept;

  [[nodiscard]] UseBatch& counting() noexcept { return batches_[active_]; }
  [[nodiscard]] const UseBatch& counting() const noexcept { return batches_[active_]; }
  CountedUse* find(const Presented& presented) noexcept;
  CountedUse* find_or_make(Presented presented);

  std::array<UseBatch, 2> batches_;
  std::size_t active_ = 0;
  std::vector<Kinds> tokens_{places};  // of the active batch
  Counter lost_;
};

}  // namespace latchkey::authority
