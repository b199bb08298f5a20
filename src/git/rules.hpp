// What a smart HTTP request must look like before anything is done for it (security.md, Git). Pure; any
// thread. SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string_view>

#include "git/git.hpp"
#include "http/message.hpp"

namespace latchkey::git {

// "git-upload-pack" or "git-receive-pack".
[[nodiscard]] std::string_view name_of(Service service) noexcept;
// A literal: "application/x-git-upload-pack-advertisement" or "…-result".
[[nodiscard]] std::string_view answer_type(GitRequest::Step step, Service service) noexcept;

// The answer to a request that breaks a rule of method, query, content type or encoding: a 4xx.
[[nodiscard]] std::optional<http::Response> broken_rule(const http::Head& head, GitRequest::Step step,
                                                        Service service);

// The value of Git-Protocol, or nothing for one that is too long or holds a character that Git never sends:
// Git then speaks its oldest protocol, as with a client that sends none.
[[nodiscard]] std::string_view git_protocol(const http::Head& head) noexcept;

[[nodiscard]] bool is_gzip(const http::Head& head) noexcept;

}  // namespace latchkey::git
