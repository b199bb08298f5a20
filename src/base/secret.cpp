// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <string.h>

#include <algorithm>

#include "base/check.hpp"

namespace latchkey {
namespace {

// token.md, Text: what every token has had since the first one.
constexpr std::size_t token_size = 84, mark_at = 52;
constexpr std::string_view mark = "JQQJ9";

bool is_alphanumeric(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  wipe();
  text_ = std::move(other.text_);
  other.wipe();
  return *this;
}

void Secret::wipe() noexcept { latchkey::wipe(text_); }

void wipe(std::string& text) noexcept {
  text.resize(text.capacity());  // never allocates; makes the whole capacity ours to write
  ::explicit_bzero(text.data(), text.size());
  text.clear();
}

std::string masked(std::string_view text) {
  std::string result;
  std::size_t done = 0;  // everything before it is in `result`, or masked
  for (auto at = text.find(mark, mark_at); at != text.npos; at = text.find(mark, at + 1)) {
    const std::size_t start = at - mark_at, end = start + token_size;
    if (end > text.size()) break;
    if (!std::ranges::all_of(text.substr(start, token_size), is_alphanumeric)) continue;
    // A mark can occur within a secret by chance: overlapping shapes are one masked stretch.
    if (start >= done) {
      result += text.substr(done, start - done);
      result += "[token]";
    }
    done = end;
  }
  result += text.substr(done);
  return result;
}

std::string kept_agent(std::string_view sent) {
  constexpr std::size_t agent_max = 200;
  std::string text = masked(sent);
  if (text.size() > agent_max) text.resize(agent_max);
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  return text;
}

}  // namespace latchkey
