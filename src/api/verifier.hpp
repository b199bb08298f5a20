// Verifier: the one place of a reactor where a presented credential becomes a verdict. Whatever counts
// verdicts or slows guesses stands here, so that no route can step around it. Belongs to its reactor; nothing
// in it waits.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/time.hpp"
#include "http/message.hpp"
#include "verify/verify.hpp"

namespace latchkey::api {

class Verifier {
 public:
  Verifier(verify::Index::Reader reader, const Clock& clock) noexcept : reader_(reader), clock_(clock) {}

  // `request` is the one that presents it, or brings it (introspection).
  [[nodiscard]] verify::Verdict verdict(const http::Request& request, const verify::Credential& credential,
                                        const verify::Demand& demand);
  // What the index knows of who was accepted: names for an answer. A verdict is not to be had from it.
  [[nodiscard]] verify::Pin pin() noexcept { return reader_.pin(); }

 private:
  verify::Index::Reader reader_;
  const Clock& clock_;
};

}  // namespace latchkey::api
