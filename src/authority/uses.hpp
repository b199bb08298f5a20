// The use ledger: what reactors counted becomes rows, and rows are told to who may see them. Folding is no
// decision of a person: it writes no audit event. Pool threads and the main thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>

#include "authority/authority.hpp"
#include "authority/use_counts.hpp"
#include "store/tokens.hpp"
#include "store/uses.hpp"

namespace latchkey::authority {

// Folds what of the batch is not in rows yet, and empties it. Each use is added once, also where this throws
// store::Error (some may be folded then, or whether they are is unknown): call it again with the same batch,
// before any other.
void fold_uses(Authority&, UseBatch& batch);

// Throws away the details of uses that are too old to be told.
void shorten_uses(Authority&);

struct UsesShown {
  store::Token token;
  std::optional<store::TokenUses> details;  // for its owner alone; administrators learn its last use
};
// token_not_found; forbidden, not_found (as authorize) where it is not the actor's own and the actor
// administers neither the organization, in which it must work, nor the server.
[[nodiscard]] UsesShown token_uses(Authority&, const Actor&, const OrganizationId&, const TokenId&);

}  // namespace latchkey::authority
