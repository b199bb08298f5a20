// Verifier: the one place of a reactor where a presented credential becomes a verdict. Whatever counts
// verdicts or slows guesses stands here, so that no route can step around it. Belongs to its reactor; nothing
// in it waits.
//
// A guess is a credential that we can't know: malformed, of a wrong checksum, never issued. Each network has
// a bucket of them (authority/throttle.hpp); who finds it empty is told so instead of "no". Only after the
// text was looked up: a good one from the same network is never slowed, nor is the holder of one that ended.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/counters.hpp"
#include "api/guards.hpp"
#include "authority/throttle.hpp"
#include "base/time.hpp"
#include "http/message.hpp"
#include "verify/verify.hpp"

namespace latchkey::api {

// A repository as a request names it: by name, or without a project by its id; empty: it names none.
struct NamedRepository {
  std::string_view project{}, repository{};
};

class Verifier {
 public:
  // `clock`, `guesses`, `guards` and `counters` must outlive it; `guesses` is all reactors'.
  Verifier(verify::Index::Reader reader, const Clock& clock, authority::Throttle& guesses,
           const Guards& guards, Counters& counters) noexcept
      : reader_(reader), clock_(clock), guesses_(guesses), guards_(guards), counters_(counters) {}

  // What the names of who is accepted live in. One at a time, and never while anything waits.
  [[nodiscard]] verify::Pin pin() noexcept { return reader_.pin(); }

  // Of the credential that the request presents. Counts the verdict, and for a text that we know the use.
  [[nodiscard]] verify::Verdict verdict(const verify::Pin& pin, const http::Request& request,
                                        const verify::Credential& credential, const verify::Demand& demand,
                                        verify::Names& names, const NamedRepository& repository = {});
  // The same question again, of what was accepted before: its body took its time. `demand` says from which
  // address it came. Not counted again.
  [[nodiscard]] verify::Verdict verdict(const Digest& digest, const verify::Demand& demand);
  // The open organization of that name, where it takes passwords over Basic: whether this one is good is
  // found out on the pool (api/passwords.hpp).
  [[nodiscard]] std::optional<OrganizationId> takes_passwords(std::string_view organization_key);
  // Whether it still takes a member's, from there.
  [[nodiscard]] bool takes_password(std::string_view organization_key, const OrganizationId& organization,
                                    const UserId& user, std::string_view address);
  // Of texts that were presented to `asker`, whose own was accepted, from `address` (empty: it does not say,
  // and the ledger has the asker's): what its clients guess is no guess of its network. Counts like
  // verdict(), and tells them in order.
  using Told = std::function<void(const verify::Verdict& verdict, const verify::Names& names)>;
  void inquire(const http::Request& request, const Digest& asker, std::string_view address,
               std::span<const std::string_view> texts, const Told& told);

 private:
  // Where a request comes from, as the ledger has it.
  struct Presenter {
    std::string_view address, agent;
  };
  [[nodiscard]] Presenter presenter_of(const http::Request& request) const;
  void count(const verify::Verdict& verdict, const Presenter& presenter, std::string_view operation,
             const NamedRepository& repository, Time now);

  verify::Index::Reader reader_;
  const Clock& clock_;
  authority::Throttle& guesses_;
  const Guards& guards_;
  Counters& counters_;
};

}  // namespace latchkey::api
