// SPDX-License-Identifier: Apache-2.0
#include "authority/set_up.hpp"

#include "authority/codes.hpp"

namespace latchkey::authority {

Secret SetUp::open(Time now) {
  Secret code = new_code();
  code_ = Digest::of(code.reveal());
  ends_at_ = now + set_up_lasts;
  open_ = true;
  return code;
}

bool SetUp::accepts(std::string_view code, Time now) const noexcept {
  return open_ && code_ == Digest::of(code) && now < ends_at_;
}

}  // namespace latchkey::authority
