// A secret with what verification must know of its token, read from rows: of one token, or of all.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <functional>

#include "store/change.hpp"
#include "store/transaction.hpp"

namespace latchkey::store {

using VisitSecret = std::function<void(SecretChange&)>;

// Those of a token that are accepted, or were so since then.
void each_secret_of(Transaction&, const TokenId&, Time since, const VisitSecret&);

// All that are live, or were so since then. Read by several connections at once, each a part of the table;
// visited on this thread, in no order. REQUIRES: nobody writes meanwhile. Holds some thousand rows.
void each_secret(const std::filesystem::path& file, Transaction&, Time since, const VisitSecret&);

}  // namespace latchkey::store
