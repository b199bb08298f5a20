// What people type and must not be seen: passwords and tokens, from standard input or a prompt, never from a
// command line (security.md, Credentials). Main thread only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "base/secret.hpp"

namespace latchkey::app {

// One line of standard input, without its end. Throws Failure{usage} when there is none, or it is empty.
// `what` names it: "a password".
[[nodiscard]] Secret read_secret(const std::string& what);
// Asks on the terminal, without showing what is typed; Failure{usage} with `otherwise` when there is no
// terminal.
[[nodiscard]] Secret ask_secret(const std::string& question, const std::string& otherwise);
// The same for what may be seen.
[[nodiscard]] std::string ask(const std::string& question, const std::string& otherwise);

}  // namespace latchkey::app
