// An answer that is made piece by piece (Response::more), as a stream: memory does not grow with it.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "http/message.hpp"

namespace latchkey::http {

// Sends head and body, then each piece as the client takes the one before. REQUIRES: response.more.
[[nodiscard]] Stream in_pieces(Response response);

}  // namespace latchkey::http
