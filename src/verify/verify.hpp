// The hot path: credential → verdict. A pure function over (credential, index, now, request): no database, no
// disk, no allocation, no exception, no logging, here or below. Belongs on the reactor that owns the pin.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <expected>
#include <optional>
#include <string_view>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "token/scopes.hpp"
#include "verify/credential.hpp"
#include "verify/index.hpp"
#include "verify/verdict.hpp"

namespace latchkey::verify {

// What the request is for.
struct Demand {
  // Nothing: the request names no organization (a route of the server itself).
  std::optional<std::string_view> organization_key = std::nullopt;
  // What it needs: none = any good credential; full access where a route names no scope (`needs_full`).
  std::optional<token::Scope> scope = std::nullopt;
  bool needs_full = false;
  // Of what needs full access: the name under which an organization may have opened it to some people's
  // tokens (UseRules::OpenRoute).
  std::string_view route{};
  // Who asks about another's text, under the same pin: one that works in no organization where the asker's
  // works is unknown to it.
  const Facts* asker = nullptr;
  // Of a request that names no organization: the token must still cover one that is open and of which its
  // owner is a member. A token bound to one organization ends with it here too.
  bool some_organization = false;
  // Where the request came from; empty: not known, and refused where a rule asks for it.
  std::string_view address{};
};

// A text that has a token's form, read: what the index is asked with.
struct Hashed {
  Digest digest;
  token::Fingerprint fingerprint;
};
// Malformed, bad_checksum. Looks nothing up.
[[nodiscard]] std::expected<Hashed, Reason> hashed(std::string_view text) noexcept;
[[nodiscard]] std::expected<Hashed, Reason> hashed(const Credential& credential) noexcept;

// The order of the refusals is part of the promise (P7): nothing about a text is told before its digest is
// found, and what is only the owner's or the organization's affair comes after what the token itself forbids.
// An organization that isn't there, is closed, isn't the token's, or of which the owner is no member:
// wrong_organization, all four alike. What an organization's own rules refuse is told last.
// `names`: filled where it is accepted.
[[nodiscard]] Verdict verify(const Credential& credential, const Pin& index, Time now, const Demand& demand,
                             Names* names = nullptr) noexcept;
// Of a text that was read before, so that many can be fetched from memory at once (Pin::prefetch). How it
// came is not told.
[[nodiscard]] Verdict verify(const std::expected<Hashed, Reason>& hashed, const Pin& index, Time now,
                             const Demand& demand, Names* names = nullptr) noexcept;

// The same question again, for what runs long and must not keep the text: neither its fingerprint nor how it
// came is told then.
[[nodiscard]] Verdict verify(const Digest& digest, const Pin& index, Time now, const Demand& demand) noexcept;

}  // namespace latchkey::verify
