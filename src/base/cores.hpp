// How many cores this process may run on: those that a container or taskset leaves it, which
// std::thread::hardware_concurrency() does not know. At least 1. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace latchkey {

[[nodiscard]] unsigned usable_cores() noexcept;

}  // namespace latchkey
