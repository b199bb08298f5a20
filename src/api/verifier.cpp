// SPDX-License-Identifier: Apache-2.0
#include "api/verifier.hpp"

namespace latchkey::api {

verify::Verdict Verifier::verdict(const http::Request& /*request*/, const verify::Credential& credential,
                                  const verify::Demand& demand) {
  return verify::verify(credential, reader_.pin(), clock_.never_back(), demand);
}

}  // namespace latchkey::api
