// What verification's "no" is on the wire. Who presents a real text is told its cause; everybody else, those
// without a credential among them, gets one and the same 401 (P7). Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "api/refusals.hpp"
#include "verify/verdict.hpp"

namespace latchkey::api {

[[nodiscard]] http::Response nobody(const Asker& asker);
// `scope`: the one that was asked for; empty: full access. `place`: where tokens are managed, for whom a way
// out is told.
[[nodiscard]] http::Response refuse(const Asker& asker, const verify::Refused& refused,
                                    std::string_view scope, std::string_view place);
[[nodiscard]] http::Response cannot_decide(const Asker& asker);
// Of a network that brought too many credentials that we can't know.
[[nodiscard]] Refusal too_many_guesses();
// A good token, or a good password that came with the request, on a route for people who are signed in.
[[nodiscard]] http::Response session_only(const Asker& asker, bool by_password = false);

}  // namespace latchkey::api
