// SPDX-License-Identifier: Apache-2.0
#include "app/audit_chain.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <iterator>
#include <vector>

#include "app/json_text.hpp"
#include "base/csv.hpp"
#include "base/encoding.hpp"

namespace latchkey::app {
namespace {

namespace json = boost::json;

// The fields of a line, in order. The first two are there of a sealed event too.
constexpr std::array<std::string_view, 12> names{"position",     "digest", "time",     "actor",
                                                 "organization", "action", "subject",  "data",
                                                 "address",      "agent",  "activity", "correlation"};
constexpr std::string_view boundary_mark = "boundary";
using Fields = std::array<std::string, names.size()>;  // empty: left out

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || std::to_string(value) != text)
    return std::nullopt;
  return value;
}

std::optional<Digest> digest(std::string_view text) {
  std::array<std::byte, Digest::size> bytes{};
  if (text.size() != 2 * bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    unsigned value{};
    const char* from = text.data() + 2 * i;
    if (std::from_chars(from, from + 2, value, 16).ptr != from + 2) return std::nullopt;
    bytes[i] = static_cast<std::byte>(value);
  }
  const Digest parsed(bytes);
  return hex(parsed.bytes()) == text ? std::optional(parsed) : std::nullopt;
}

// False: there is a text, and it is no id.
template <class Tag>
bool read_id(const std::string& text, std::optional<Id<Tag>>& id) {
  if (text.empty()) return true;
  id = Id<Tag>::parse(text);
  return id && id->text() == text;
}
bool read_activity(const std::string& text, ActivityId& id) {
  std::optional<ActivityId> read;
  if (!read_id(text, read) || !read) return false;
  id = *read;
  return true;
}

std::optional<Link> link_of(const Fields& fields) {
  Link link;
  const auto position = number(fields[0]);
  const auto own = digest(fields[1]);
  if (!position || !own) return std::nullopt;
  auto& event = link.event;
  event.position = *position;
  event.digest = *own;
  link.sealed = fields[2].empty();
  if (link.sealed)  // else an event could hide its change by hiding its time
    return std::ranges::all_of(fields.begin() + 2, fields.end(), &std::string::empty) ? std::optional(link)
                                                                                      : std::nullopt;
  const auto time = number(fields[2]);
  if (!time || !read_id(fields[3], event.actor) || !read_id(fields[4], event.organization) ||
      !read_activity(fields[10], event.activity) || !read_activity(fields[11], event.correlation))
    return std::nullopt;
  event.time = time_from_microseconds(*time);
  event.action = fields[5];
  event.subject = fields[6];
  event.data = fields[7];
  event.address = fields[8];
  event.agent = fields[9];
  return link;
}

std::string json_line(const Fields& fields, bool sealed) {
  json::object object;
  for (std::size_t i = 0; i < (sealed ? 2 : names.size()); ++i) {
    if (i == 0 || i == 2)
      object[names[i]] = number(fields[i]).value_or(0);
    else if ((i != 3 && i != 4) || !fields[i].empty())
      object[names[i]] = fields[i];
  }
  return json::serialize(object);
}

std::string csv_line(const Fields& fields) {
  std::string line;
  append_csv_line(line, fields);
  line.resize(line.size() - 2);
  return line;
}

std::string line_of(ChainFormat format, const Fields& fields) {
  return format == ChainFormat::csv ? csv_line(fields) : json_line(fields, fields[2].empty());
}

Fields fields_of(const json::value& value) {
  Fields fields;
  for (std::size_t i = 0; i < names.size(); ++i) fields[i] = text_at(value, names[i]);
  return fields;
}

// The fields of a line; nothing: it can't be read, or is not written as it would be.
std::optional<Fields> read_line(ChainFormat format, const std::string& line) {
  Fields fields;
  if (format == ChainFormat::csv) {
    const auto cells = parse_csv(line);
    if (!cells || cells->size() != fields.size()) return std::nullopt;
    std::ranges::copy(*cells, fields.begin());
  } else {
    boost::system::error_code failed;
    const auto value = json::parse(line, failed);
    if (failed || !value.is_object()) return std::nullopt;
    fields = fields_of(value);
  }
  return line_of(format, fields) == line ? std::optional(fields) : std::nullopt;
}

std::string_view line_end(ChainFormat format) { return format == ChainFormat::csv ? "\r\n" : "\n"; }

std::string head_line(ChainFormat format, const store::AuditHead& boundary) {
  const std::string position = std::to_string(boundary.position), kept = hex(boundary.digest.bytes());
  if (format == ChainFormat::json_lines)
    return json::serialize(
        json::object{{boundary_mark, {{"position", boundary.position}, {"digest", kept}}}});
  std::string line;
  append_csv_line(line, std::array<std::string, 3>{std::string(boundary_mark), position, kept});
  append_csv_line(line, std::vector<std::string>(names.begin(), names.end()));
  line.resize(line.size() - 2);
  return line;
}

// Takes the next line off, without its end; nothing: there is none, or its end is another.
std::optional<std::string> next_line(std::istream& file, ChainFormat format) {
  std::string line;
  const auto end = line_end(format);
  bool quoted = false;  // a cell may hold line ends
  for (char c{}; file.get(c);) {
    line += c;
    quoted = quoted != (c == '"' && format == ChainFormat::csv);
    if (quoted || !line.ends_with(end)) continue;
    line.resize(line.size() - end.size());
    return line;
  }
  return std::nullopt;
}

class Verification {
 public:
  Verification(std::istream& file, const std::optional<store::AuditHead>& head) : file_(file), head_(head) {}

  ChainVerdict run() {
    if (read_head()) {
      file_.peek();
      while (verdict_.broken.empty() && !file_.eof()) {
        read_link();
        file_.peek();
      }
      if (verdict_.broken.empty() && head_ && !seen_)
        verdict_.broken = head_->position > verdict_.end.position
                              ? "the export ends at position " + std::to_string(verdict_.end.position) +
                                    ", before the head " + std::to_string(head_->position) +
                                    ": events are missing at its end"
                              : "the export begins after the head " + std::to_string(head_->position);
    }
    return std::move(verdict_);
  }

 private:
  // The format and the boundary, which is read from the line and must be written as it would be.
  bool read_head() {
    format_ = file_.peek() == '{' ? ChainFormat::json_lines : ChainFormat::csv;
    std::string head;
    for (int i = 0; i < (format_ == ChainFormat::csv ? 2 : 1); ++i) {
      const auto line = next_line(file_, format_);
      if (!line) return broken("the file is no export of the audit: its head is missing");
      head += (i == 0 ? "" : "\r\n") + *line;
    }
    const auto boundary = boundary_in(head);
    if (!boundary || head_line(format_, *boundary) != head)
      return broken("the file is no export of the audit: its head can't be read");
    verdict_.begin = verdict_.end = *boundary;
    compare_head();
    return verdict_.broken.empty();
  }
  std::optional<store::AuditHead> boundary_in(const std::string& line) const {
    std::string position, kept;
    if (format_ == ChainFormat::csv) {
      const auto cells = parse_csv(line.substr(0, line.find('\r')));
      if (!cells || cells->size() != 3) return std::nullopt;
      position = (*cells)[1];
      kept = (*cells)[2];
    } else {
      boost::system::error_code failed;
      const auto value = json::parse(line, failed);
      if (failed) return std::nullopt;
      position = text_at(value, "boundary.position");
      kept = text_at(value, "boundary.digest");
    }
    const auto at = number(position);
    const auto of = digest(kept);
    return at && of ? std::optional(store::AuditHead{*at, *of}) : std::nullopt;
  }
  void read_link() {
    const std::string after = " after position " + std::to_string(verdict_.end.position);
    const auto line = next_line(file_, format_);
    const auto fields = line ? read_line(format_, *line) : std::nullopt;
    auto link = fields ? link_of(*fields) : std::nullopt;
    if (!link) return static_cast<void>(broken("the line" + after + " can't be read, or was changed"));
    auto& event = link->event;
    if (event.position != verdict_.end.position + 1)
      return static_cast<void>(broken("position " + std::to_string(event.position) + " follows" +
                                      after.substr(6) + ": events are missing, doubled or out of order"));
    event.previous = verdict_.end.digest;
    if (!link->sealed && !(store::audit_digest(event) == event.digest))
      return static_cast<void>(
          broken("the event at position " + std::to_string(event.position) +
                 ", or the one before it, is not what was recorded: their digests differ"));
    verdict_.end = {event.position, event.digest};
    ++verdict_.events;
    verdict_.sealed += link->sealed ? 1 : 0;
    compare_head();
  }
  void compare_head() {
    if (!head_ || head_->position != verdict_.end.position) return;
    seen_ = head_->digest == verdict_.end.digest;
    if (!seen_)
      broken("the digest at position " + std::to_string(head_->position) +
             " is not that of the head: events up to it are not what was recorded");
  }
  bool broken(std::string sentence) {
    verdict_.broken = std::move(sentence);
    return false;
  }

  std::istream& file_;
  const std::optional<store::AuditHead>& head_;
  ChainFormat format_{};
  ChainVerdict verdict_;
  bool seen_ = false;
};

}  // namespace

std::string chain_head(ChainFormat format, const json::value& page) {
  const store::AuditHead boundary{number(text_at(page, "boundary.position")).value_or(0),
                                  digest(text_at(page, "boundary.digest")).value_or(Digest{})};
  return head_line(format, boundary).append(line_end(format));
}

std::string chain_lines(ChainFormat format, const json::value& page) {
  std::string lines;
  for (const auto& value : list_at(page, "value"))
    lines.append(line_of(format, fields_of(value))).append(line_end(format));
  return lines;
}

ChainVerdict verify_chain(std::istream& file, const std::optional<store::AuditHead>& head) {
  return Verification(file, head).run();
}

std::optional<store::AuditHead> parse_audit_head(std::string_view text) {
  const auto colon = std::min(text.find(':'), text.size());
  const auto position = number(text.substr(0, colon));
  const auto of = digest(text.substr(std::min(colon + 1, text.size())));
  return position && of ? std::optional(store::AuditHead{*position, *of}) : std::nullopt;
}

}  // namespace latchkey::app
