// A mail as the bytes that SMTP takes (RFC 5322, 2045–2047): text and HTML as alternatives, UTF-8 in
// quoted-printable, lines of 76 characters. Whatever a field holds, it makes neither a line nor a field of
// its own, and turns no writing direction. Pure; any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "authority/mail_address.hpp"
#include "base/time.hpp"

namespace latchkey::delivery {

struct Mailbox {
  std::string name;     // as people write it; empty: none
  std::string address;  // is_mail_address()
};
using authority::is_mail_address;

struct Mail {
  Mailbox from, to;
  std::string subject;
  std::string id;  // "left@right", of the Message-ID
  Time date;
  std::string text, html;  // lines end with '\n'
};
// REQUIRES: addresses that are.
[[nodiscard]] std::string message(const Mail& mail);

// The text on one line and without marks that turn the writing direction (U+200E, U+200F, U+061C, U+202A–E,
// U+2066–9); control characters become blanks, what is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::string plain_line(std::string_view text);
// The same; what is written from right to left stands by itself (U+2068, U+2069) and turns nothing around it.
[[nodiscard]] std::string isolated_line(std::string_view text);

// For tests of a header alone: an unstructured field, folded, encoded words where they are needed.
[[nodiscard]] std::string header_field(std::string_view name, std::string_view text);
[[nodiscard]] std::string quoted_printable(std::string_view text);

}  // namespace latchkey::delivery
