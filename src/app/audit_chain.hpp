// An export of the audit, as `latchkey audit export` writes it and `latchkey audit verify` checks it without
// a server: JSON lines or CSV, the boundary first (where the chain begins), then each event in order. Every
// byte counts: a line is exactly what this would write of what it says. Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/value.hpp>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

#include "store/audit_search.hpp"

namespace latchkey::app {

enum class ChainFormat : std::uint8_t { json_lines = 1, csv };

// Of an organization's export, an event that is not its own is there by position and digest alone.
struct Link {
  store::AuditEvent event;
  bool sealed = false;
};
// The lines of an export, with their ends. `page`: what the API's chain answers.
[[nodiscard]] std::string chain_head(ChainFormat format, const boost::json::value& page);
[[nodiscard]] std::string chain_lines(ChainFormat format, const boost::json::value& page);

struct ChainVerdict {
  std::string broken;  // the first broken link, as a sentence; empty: none
  store::AuditHead begin, end;
  std::int64_t events = 0, sealed = 0;
};
// `head`: a place in the chain that was kept elsewhere; the export has to hold it. Without one, nobody can
// see that events are missing at the end.
[[nodiscard]] ChainVerdict verify_chain(std::istream& file, const std::optional<store::AuditHead>& head);
// "17:9f86d0…"; nothing for anything else.
[[nodiscard]] std::optional<store::AuditHead> parse_audit_head(std::string_view text);

}  // namespace latchkey::app
