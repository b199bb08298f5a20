// Files that only their owner may read (0600), whole or not at all: a session, a first password. Any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <string_view>

namespace latchkey::app {

// Makes missing folders (0700), and replaces the file in one step. Throws Failure with one sentence.
void write_private_file(const std::filesystem::path& path, std::string_view content);

}  // namespace latchkey::app
