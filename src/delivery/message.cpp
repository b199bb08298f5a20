// SPDX-License-Identifier: Apache-2.0
#include "delivery/message.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/encoding.hpp"

namespace latchkey::delivery {
namespace {

constexpr std::size_t line_most = 76;
// What stands around an encoded word's base64, of which 4 characters are 3 bytes.
constexpr std::string_view word_begins = "=?UTF-8?B?", word_ends = "?=";

// The length of the character that begins here; 0: it is none.
std::size_t character_at(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const auto first = byte(0), second = byte(1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first < 0xF0)
    return follows(1) && follows(2) && (first != 0xE0 || second >= 0xA0) && (first != 0xED || second < 0xA0)
               ? 3
               : 0;
  if (first >= 0xF0 && first < 0xF5)
    return follows(1) && follows(2) && follows(3) && (first != 0xF0 || second >= 0x90) &&
                   (first != 0xF4 || second < 0x90)
               ? 4
               : 0;
  return 0;
}

bool turns_direction(std::string_view character) {
  constexpr std::array<std::string_view, 12> marks{"\u200E", "\u200F", "\u061C", "\u202A",
                                                   "\u202B", "\u202C", "\u202D", "\u202E",
                                                   "\u2066", "\u2067", "\u2068", "\u2069"};
  return std::ranges::find(marks, character) != marks.end();
}

// Line and paragraph separators, and the second row of control characters.
bool breaks_line(std::string_view character) {
  return character == "\u2028" || character == "\u2029" ||
         (character.size() == 2 && character[0] == '\xC2' && static_cast<unsigned char>(character[1]) < 0xA0);
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }) && !text.contains("=?");
}

std::size_t longest_word(std::string_view text) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) longest = std::max(longest, run = c == ' ' ? 0 : run + 1);
  return longest;
}

// As encoded words, each on a line of its own, the first from `column` on. REQUIRES: plain_line(), column
// < 40.
std::string encoded_words(std::string_view text, std::size_t column) {
  std::string out;
  while (!text.empty()) {
    const std::size_t room = (line_most - column - word_begins.size() - word_ends.size()) / 4 * 3;
    std::size_t size = 0;
    for (std::size_t next = 0; size < text.size() && size + (next = character_at(text.substr(size))) <= room;)
      size += next;
    out.append(out.empty() ? "" : "\r\n ")
        .append(word_begins)
        .append(base64(text.substr(0, size)))
        .append(word_ends);
    text.remove_prefix(size);
    column = 1;
  }
  return out;
}

// Folded at blanks, where there are any.
std::string folded_words(std::string_view text, std::size_t column) {
  std::string out;
  while (!text.empty()) {
    const auto blank = std::min(text.find(' ', 1), text.size());
    if (column + blank > line_most && text.front() == ' ' && !out.empty()) {
      out += "\r\n";
      column = 0;
    }
    out += text.substr(0, blank);
    column += blank;
    text.remove_prefix(blank);
  }
  return out;
}

std::string mailbox_field(std::string_view name, const Mailbox& mailbox) {
  std::string out = std::string(name) + ": ";
  const std::string person = plain_line(mailbox.name);
  if (person.find_first_not_of(' ') != std::string::npos) {
    if (is_plain(person) && person.size() < 50 && person.find_first_of("\"\\") == std::string::npos)
      out.append("\"").append(person).append("\"");
    else
      out += encoded_words(person, out.size());
    out += "\r\n ";
  }
  return out + "<" + mailbox.address + ">\r\n";
}

std::string rfc5322_date(Time time) {
  std::string date = http_date(time);
  return date.replace(date.size() - 3, 3, "+0000");
}

std::string part(std::string_view boundary, std::string_view type, std::string_view content) {
  std::string out = "--";
  out.append(boundary).append("\r\nContent-Type: ").append(type).append("; charset=utf-8\r\n");
  return out.append("Content-Transfer-Encoding: quoted-printable\r\n\r\n")
      .append(quoted_printable(content))
      .append("\r\n");
}

// Whether a text has letters that are written from right to left.
bool goes_left(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]), second = static_cast<unsigned char>(text[i + 1]);
    if (first >= 0xD6 && first <= 0xDF) return true;                       // U+0590–07FF
    if (first == 0xE0 && second >= 0xA0 && second < 0xA4) return true;     // U+0800–08FF
    if (first == 0xEF && (second >= 0xAC && second <= 0xBB)) return true;  // U+FB1D–FEFC
    if (first == 0xF0 && (second == 0x90 || second == 0x9E)) return true;  // U+10800–, U+1E800–
  }
  return false;
}

}  // namespace

std::string plain_line(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto size = character_at(text);
    const auto character = text.substr(0, std::max<std::size_t>(size, 1));
    text.remove_prefix(character.size());
    const auto byte = static_cast<unsigned char>(character.front());
    if (size == 0)
      out += "\uFFFD";
    else if (byte < ' ' || byte == 0x7F || breaks_line(character))
      out += ' ';
    else if (!turns_direction(character))
      out += character;
  }
  return out;
}

std::string isolated_line(std::string_view text) {
  auto line = plain_line(text);
  return goes_left(line) ? "\u2068" + line + "\u2069" : line;
}

std::string header_field(std::string_view name, std::string_view text) {
  const std::string line = plain_line(text);
  std::string out = std::string(name) + ": ";
  // A long word can be folded nowhere.
  const bool plain = is_plain(line) && !line.starts_with(' ') && !line.ends_with(' ') &&
                     !line.contains("  ") && longest_word(line) < 60;
  out += plain ? folded_words(line, out.size()) : encoded_words(line, out.size());
  return out + "\r\n";
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      out += "\r\n";
      column = 0;
      continue;
    }
    const bool at_end = i + 1 == text.size() || text[i + 1] == '\n';
    const bool is_printable = (c >= '!' && c <= '~' && c != '=') || (c == ' ' && !at_end);
    if (column + (is_printable ? 1 : 3) > line_most - 1) {
      out += "=\r\n";
      column = 0;
    }
    // SMTP has a use of its own for a dot that begins a line.
    const bool as_it_is = is_printable && (c != '.' || column > 0);
    if (as_it_is) {
      out += c;
    } else {
      constexpr std::string_view digits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      out.append("=").append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
    }
    column += as_it_is ? 1 : 3;
  }
  return out;
}

std::string message(const Mail& mail) {
  // No line of a part can be it: quoted-printable has no "=_".
  constexpr std::string_view boundary = "=_latchkey_alternative";
  std::string out =
      mailbox_field("From", mail.from) + mailbox_field("To", mail.to) + header_field("Subject", mail.subject);
  out.append("Date: ")
      .append(rfc5322_date(mail.date))
      .append("\r\nMessage-ID: <")
      .append(mail.id)
      .append(">\r\n");
  out += "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n";
  out.append("Content-Type: multipart/alternative;\r\n boundary=\"").append(boundary).append("\"\r\n\r\n");
  out += part(boundary, "text/plain", mail.text);
  out += part(boundary, "text/html", mail.html);
  return out.append("--").append(boundary).append("--\r\n");
}

}  // namespace latchkey::delivery
