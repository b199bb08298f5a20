// SPDX-License-Identifier: Apache-2.0
#include "store/places.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <tuple>
#include <utility>

#include "base/encoding.hpp"
#include "base/refusal.hpp"

namespace latchkey::store {
namespace {

using CursorFields = std::tuple<int, bool, std::int64_t, std::int64_t, std::string, std::string>;

}  // namespace

std::string cursor_text(const PlaceOrder& order, const Place& last) {
  return base64url(boost::json::serialize(boost::json::value_from(
      CursorFields(order.number, order.descending, last.first, last.second, last.text, last.id.text()))));
}

std::optional<Place> read_cursor(const PlaceOrder& order, std::string_view after) {
  if (after.empty()) return std::nullopt;
  const auto json = base64url_decoded(after);
  boost::system::error_code unreadable;
  const auto value = boost::json::parse(json.value_or(""), unreadable);
  const auto fields = boost::json::try_value_to<CursorFields>(value);
  if (!unreadable && fields) {
    const auto& [number, descending, first, second, text, id] = *fields;
    const auto parsed = TokenId::parse(id);
    if (parsed && number == order.number && descending == order.descending)
      return Place{.first = first, .second = second, .text = text, .id = *parsed};
  }
  throw Refusal(
      RefusalCode::invalid_value,
      "after is not of this list: send the next of the page before, with the same order, or none to "
      "begin anew.",
      "after");
}

void FirstPlaces::add(Place place) {
  const auto before = [this](const Place& a, const Place& b) { return order_.stands_before(a, b); };
  if (places_.size() == most_) {
    if (!before(place, places_.front())) return;
    std::ranges::pop_heap(places_, before);
    places_.pop_back();
  }
  places_.push_back(std::move(place));
  std::ranges::push_heap(places_, before);
}

std::vector<Place> FirstPlaces::take() && {
  std::ranges::sort(places_, [this](const auto& a, const auto& b) { return order_.stands_before(a, b); });
  return std::move(places_);
}

}  // namespace latchkey::store
