// How tokens are read from their rows, and what of a row decides: for the look-up and for the lists.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/connection.hpp"
#include "store/places.hpp"
#include "store/tokens.hpp"

namespace latchkey::store {

// "state = 'live'". Never as a value: since some indexes are of live tokens alone, the engine would read the
// statement anew for each.
[[nodiscard]] std::string state_is(TokenState);
// "select … from tokens where " and `rest`.
[[nodiscard]] std::string tokens(std::string_view rest);
void read_token(const Row& row, Token& token);
// The tokens that stand at these places, in their order.
[[nodiscard]] std::vector<Token> tokens_at(Transaction&, const std::vector<Place>& places);

// Whether a fingerprint may begin so.
[[nodiscard]] bool begins_fingerprint(std::string_view text);

// What is asked of a token's text of scopes. Tokens share few of them: each is asked about once.
class OfScopes {
 public:
  explicit OfScopes(std::function<bool(const std::string&)> ask) : ask_(std::move(ask)) {}
  bool operator()(const std::string& scopes) {
    const auto [known, is_new] = known_.try_emplace(scopes, false);
    if (is_new) known->second = ask_(scopes);
    return known->second;
  }

 private:
  std::function<bool(const std::string&)> ask_;
  std::unordered_map<std::string, bool> known_;
};

}  // namespace latchkey::store
