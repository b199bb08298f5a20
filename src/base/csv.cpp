// SPDX-License-Identifier: Apache-2.0
#include "base/csv.hpp"

namespace latchkey {
namespace {

constexpr std::string_view guarded = "=+-@'\t\r";

std::string cell_text(std::string_view cell) {
  std::string text;
  if (!cell.empty() && guarded.contains(cell.front())) text += '\'';
  text += cell;
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

// Takes a quoted cell off the line; nothing: it does not end.
std::optional<std::string> take_quoted(std::string_view& line) {
  std::string cell;
  for (std::size_t at = 1; at < line.size(); ++at) {
    if (line[at] == '"') {
      if (at + 1 >= line.size() || line[at + 1] != '"') {
        line.remove_prefix(at + 1);
        return cell;
      }
      ++at;
    }
    cell += line[at];
  }
  return std::nullopt;
}

}  // namespace

void append_csv_line(std::string& out, std::span<const std::string> cells) {
  for (std::string_view before; const std::string& cell : cells) {
    (out += before) += cell_text(cell);
    before = ",";
  }
  out += "\r\n";
}

std::optional<std::vector<std::string>> parse_csv(std::string_view line) {
  std::vector<std::string> cells;
  for (;;) {
    std::optional<std::string> cell;
    if (line.starts_with('"')) {
      cell = take_quoted(line);
      if (!cell) return std::nullopt;
    } else {
      const auto end = std::min(line.find(','), line.size());
      cell = line.substr(0, end);
      line.remove_prefix(end);
    }
    if (cell->starts_with('\'')) cell->erase(0, 1);
    cells.push_back(*std::move(cell));
    if (line.empty()) return cells;
    if (line.front() != ',') return std::nullopt;
    line.remove_prefix(1);
  }
}

}  // namespace latchkey
