// Random numbers from the operating system, the only source there is. Any thread. Aborts if the kernel has none.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <span>

namespace latchkey {

void fill_random(std::span<std::byte> bytes) noexcept;

}  // namespace latchkey
