// Sql: a statement that grows with what a filter asks for. Its text comes from fixed pieces only; every value
// is bound, and must live as long as the statement. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/values.hpp"

namespace latchkey::store {

class Sql {
 public:
  explicit Sql(std::string_view text) : text_(text) {}
  template <class T>
  Sql(std::string text, const T& value) : text_(std::move(text)) {
    add("", value);
  }

  Sql& add(std::string_view piece) {
    text_ += piece;
    return *this;
  }
  template <class T>
  Sql& add(std::string_view piece, const T& value) {
    values_.push_back(value_of(value));
    return add(piece).add("$").add(std::to_string(values_.size()));
  }
  // Nothing, where there is no value.
  template <class T>
  Sql& add(std::string_view piece, const std::optional<T>& value) {
    return value ? add(piece, *value) : *this;
  }
  // " and column in (…)"; nothing, where there are no values.
  template <class Values>
  Sql& add_any(std::string_view column, const Values& values) {
    if (values.empty()) return *this;
    add(" and ").add(column);
    for (std::string_view before = " in ("; const auto& value : values)
      add(std::exchange(before, ", "), value);
    return add(")");
  }
  // "(…, …)": a row to insert; what is not there is null.
  template <class... T>
  Sql& add_row(const T&... values) {
    std::string_view before = "(";
    ((values_.push_back(value_of(values)),
      add(std::exchange(before, ", ")).add("$").add(std::to_string(values_.size()))),
     ...);
    return add(")");
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] std::span<const Value> values() const noexcept { return values_; }

 private:
  std::string text_;
  std::vector<Value> values_;
};

}  // namespace latchkey::store
