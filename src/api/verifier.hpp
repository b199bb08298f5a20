// Verifier: the one place of a reactor where a presented credential becomes a verdict. Whatever counts
// verdicts or slows guesses stands here, so that no route can step around it. Belongs to its reactor; nothing
// in it waits.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

#include "api/counters.hpp"
#include "api/guards.hpp"
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
  Verifier(verify::Index::Reader reader, const Clock& clock, const Guards& guards,
           Counters& counters) noexcept
      : reader_(reader), clock_(clock), guards_(guards), counters_(counters) {}

  // `request` is the one that presents it, or brings it (introspection). Counts the verdict, and for a text
  // that we know the use.
  [[nodiscard]] verify::Verdict verdict(const http::Request& request, const verify::Credential& credential,
                                        const verify::Demand& demand, const NamedRepository& repository = {});

 private:
  void count(const verify::Verdict& verdict, const http::Request& request, const verify::Demand& demand,
             const NamedRepository& repository, Time now);

  verify::Index::Reader reader_;
  const Clock& clock_;
  const Guards& guards_;
  Counters& counters_;
};

}  // namespace latchkey::api
