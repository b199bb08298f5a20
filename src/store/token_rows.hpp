// How a token is read from its row: for the look-up and for the list.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "store/connection.hpp"
#include "store/tokens.hpp"

namespace latchkey::store {

// "select … from tokens where " and `rest`.
[[nodiscard]] std::string tokens(std::string_view rest);
void read_token(const Row& row, Token& token);

}  // namespace latchkey::store
