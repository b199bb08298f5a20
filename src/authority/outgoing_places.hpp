// Whether people may name a place for what leaves the server (outgoing.hpp): told before anything is sent
// there. What a name leads to is looked at again when the socket is opened. Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

#include "authority/outgoing.hpp"

namespace latchkey::authority {

// "must be …": the end of a sentence that begins with the input's name; empty: it may be named.
[[nodiscard]] std::string_view fault_of_host(const Outgoing&, std::string_view host);
[[nodiscard]] std::string_view fault_of_url(const Outgoing&, std::string_view url);

}  // namespace latchkey::authority
