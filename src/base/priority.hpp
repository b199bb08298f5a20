// Who goes first where cores are scarce: reactors, whose verifications nobody should wait for; then what
// decides and writes; then what is delivered to others. Of the calling thread, for good: threads and
// processes that it starts stand behind with it. SPDX-License-Identifier: Apache-2.0
#pragma once

namespace latchkey {

enum class Priority : int { decisions = 10, deliveries = 15 };  // as nice(2) counts; a reactor has 0

void stand_behind(Priority) noexcept;

}  // namespace latchkey
