// CSV (RFC 4180), as spreadsheets open it without harm: a cell that a program could take for a formula
// (= + - @, a tab, a carriage return) gets an apostrophe before it, and so does one that begins with an
// apostrophe, so that reading takes exactly one off again. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace latchkey {

// Appends the line of these cells, its end (CR LF) included.
void append_csv_line(std::string& out, std::span<const std::string> cells);
// The cells of a line as append_csv_line() makes it, without its end; nothing for a text that is none.
[[nodiscard]] std::optional<std::vector<std::string>> parse_csv(std::string_view line);

}  // namespace latchkey
