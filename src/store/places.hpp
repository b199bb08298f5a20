// Where rows stand in the order of a list, and the page that begins behind a cursor: what lists share that
// are not read in their order from one index. Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"

namespace latchkey::store {

// By the numbers, then the text, then the id.
struct Place {
  std::int64_t first = 0, second = 0;
  std::string text{};
  TokenId id;

  auto operator<=>(const Place&) const = default;
};

// An order of a list: its number tells its cursors from those of another.
struct PlaceOrder {
  int number = 0;
  bool descending = false;

  [[nodiscard]] bool stands_before(const Place& one, const Place& other) const {
    return descending ? one > other : one < other;
  }
};

[[nodiscard]] std::string cursor_text(const PlaceOrder&, const Place& last);
// Nothing for an empty text. Throws Refusal{invalid_value} for one that cursor_text() did not make for this
// order.
[[nodiscard]] std::optional<Place> read_cursor(const PlaceOrder&, std::string_view after);

// The first few of all places that it is shown.
class FirstPlaces {
 public:
  FirstPlaces(std::size_t most, PlaceOrder order) : most_(most), order_(order) {}

  void add(Place place);
  // Where it is full: what stands behind this is not taken any more. Else null.
  [[nodiscard]] const Place* last() const noexcept {
    return places_.size() == most_ ? &places_.front() : nullptr;
  }
  [[nodiscard]] std::vector<Place> take() &&;

 private:
  std::size_t most_;
  PlaceOrder order_;
  std::vector<Place> places_;  // a heap, its last place in front
};

}  // namespace latchkey::store
