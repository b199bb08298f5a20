// The part of latchkey.toml that says what stands behind forward-auth: [[scope]], [[service]],
// [[service.rule]]. Main thread only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "api/services.hpp"

namespace latchkey::app {

// What the file says, each part with its file and line. What has not the right form goes to `errors`, with
// its line; a text that is no TOML at all is file_layer()'s to tell, and gives nothing here.
[[nodiscard]] api::Declarations read_services(std::string_view toml, const std::filesystem::path& file,
                                              std::vector<std::string>& errors);
// What `serve --check` prints of it: the same again as TOML, each part with where it came from.
[[nodiscard]] std::string show_services(const api::Declarations& declarations);

}  // namespace latchkey::app
