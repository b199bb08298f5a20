// SPDX-License-Identifier: Apache-2.0
#include "app/table.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace latchkey::app {
namespace {

std::string printable(const std::string& cell) {
  if (auto text = normalized(cell)) return *std::move(text);
  std::string plain = cell;
  for (char& c : plain)
    if (c < ' ' || c > '~') c = '?';
  return plain;
}

}  // namespace

std::string table(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], characters(printable(row[i])));
  }
  std::string lines;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = printable(row[i]);
      line += cell + std::string(widths[i] - characters(cell) + 2, ' ');
    }
    lines += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
  return lines;
}

}  // namespace latchkey::app
