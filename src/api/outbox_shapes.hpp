// What the outbox looks like on the wire, of mail and of organizations' webhooks alike. Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "api/route.hpp"
#include "store/outbox.hpp"

namespace latchkey::api {

void add_queue(boost::json::object& shape, const store::QueueState& queue);

// The parameters after and top.
[[nodiscard]] std::optional<store::UndeliverableCursor> undeliverable_cursor(const Call& call);
[[nodiscard]] std::int64_t undeliverable_top(const Call& call);
[[nodiscard]] http::Response undeliverable_page(const std::vector<store::Undeliverable>& page, bool more);

// Those that the body names; nothing: all.
[[nodiscard]] std::optional<std::vector<NoticeId>> ids_to_retry(const Call& call);

}  // namespace latchkey::api
