// Secret: a text that must not be seen: move-only, wiped when it goes, neither printable nor comparable.
// `reveal()` is the only way in; search for it to see everyone who looks.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <utility>

namespace latchkey {

// Overwrites the whole capacity of a text that held a secret, and empties it.
void wipe(std::string& text) noexcept;

class Secret {
 public:
  Secret() noexcept = default;
  // A short text is copied, not moved, by std::string: what it leaves behind is wiped, here and in each move.
  explicit Secret(std::string text) noexcept : text_(std::move(text)) { latchkey::wipe(text); }
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { wipe(); }

  [[nodiscard]] std::string_view reveal() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  bool operator==(const Secret&) const = delete;

 private:
  void wipe() noexcept;
  std::string text_;
};

// Replaces each text of a token's shape (token.md: 84 characters with JQQJ9 at 52) by its first
// fingerprint-free mark, "[token]". Whatever came from outside passes through here before it is stored or
// logged (P2).
[[nodiscard]] std::string masked(std::string_view text);

// What a program says of itself (User-Agent), fit to be kept: masked, printable ASCII, at most 200
// characters.
[[nodiscard]] std::string kept_agent(std::string_view sent);

}  // namespace latchkey
