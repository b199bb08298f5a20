// The hook `reference-transaction`: Git runs it in the state "prepared", when a ref is locked and about to
// move, and does not move it unless the hook exits with 0. It asks the server, over a socket that
// http-backend, receive-pack and the hook itself inherit one after the other; no answer is a no.
//
//   hook → server   "prepared\n"     may it move?
//   server → hook   "yes\n"          anything else, or the end: no
//   hook → server   "committed\n"    it has moved
//   hook → server   "aborted\n"      it won't
//
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>

namespace latchkey::git {

// The socket's number in Git's processes.
inline constexpr int hook_descriptor = 3;

// Writes the script into `hooks`, which must be there. Throws std::system_error.
void write_hook(const std::filesystem::path& hooks);

}  // namespace latchkey::git
