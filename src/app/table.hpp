// Tables for people: aligned columns, as wide as their widest cell in characters. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace latchkey::app {

using Row = std::vector<std::string>;
// Lines of equally many columns, the first one the head. Control characters of a cell are shown as '?': a
// name can't steer the terminal.
[[nodiscard]] std::string table(const std::vector<Row>& rows);

}  // namespace latchkey::app
