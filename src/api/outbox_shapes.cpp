// SPDX-License-Identifier: Apache-2.0
#include "api/outbox_shapes.hpp"

#include <algorithm>

#include "api/envelope.hpp"
#include "api/fields.hpp"

namespace latchkey::api {
namespace {

namespace json = boost::json;

json::object undeliverable_shape(const store::Undeliverable& one) {
  json::object shape{{"id", one.row.notice.text()},
                     {"kind", one.kind},
                     {"recipient", {{"emailAddress", one.email}, {"displayName", one.display_name}}},
                     {"queuedAt", iso8601(one.row.created_at)},
                     {"attempts", one.row.attempts},
                     {"lastError", one.row.last_error}};
  if (!one.token_name.empty()) shape["tokenName"] = one.token_name;
  return shape;
}

}  // namespace

void add_queue(json::object& shape, const store::QueueState& queue) {
  shape["queued"] = queue.queued;
  if (queue.waiting_until) shape["waitingUntil"] = iso8601(*queue.waiting_until);
  if (queue.first && !queue.first->last_error.empty()) shape["lastError"] = queue.first->last_error;
}

// "1764000000000000.{id}": where the page before ended.
std::optional<store::UndeliverableCursor> undeliverable_cursor(const Call& call) {
  const auto text = call.parameter("after");
  if (!text || text->empty()) return std::nullopt;
  const auto dot = std::min(text->find('.'), text->size());
  const auto id = NoticeId::parse(text->substr(std::min(dot + 1, text->size())));
  if (!id) refuse_value("after", "must be the next of the page before");
  return store::UndeliverableCursor{
      .created_at = time_from_microseconds(parse_number(text->substr(0, dot), "after")), .notice = *id};
}

std::int64_t undeliverable_top(const Call& call) {
  constexpr std::int64_t page_default = 50, page_max = 200;
  return number_parameter(call, "top", 1, page_max).value_or(page_default);
}

http::Response undeliverable_page(const std::vector<store::Undeliverable>& page, bool more) {
  json::array values;
  for (const auto& one : page) values.push_back(undeliverable_shape(one));
  json::object shape{{"count", values.size()}, {"value", std::move(values)}};
  if (more) {
    const auto& last = page.back().row;
    shape["next"] = std::to_string(microseconds(last.created_at)) + "." + last.notice.text();
  }
  return json_answer(shape);
}

std::optional<std::vector<NoticeId>> ids_to_retry(const Call& call) {
  constexpr std::size_t ids_max = 1000;
  const auto body = call.body();
  if (bool_field(body, "all") == true) return std::nullopt;
  std::vector<NoticeId> ids;
  for (const auto& text : texts_field(body, "ids"))
    if (const auto id = NoticeId::parse(text)) ids.push_back(*id);
  if (ids.size() > ids_max) refuse_value("ids", "may name 1000 at once");
  return ids;
}

}  // namespace latchkey::api
