// The version of this build. CMakeLists.txt (project) and CHANGELOG.md name the same.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace latchkey {

inline constexpr char version[] = "0.1.0";

}  // namespace latchkey
