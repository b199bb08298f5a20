// SPDX-License-Identifier: Apache-2.0
#include "git/hook.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>

#include "base/process.hpp"

namespace latchkey::git {
namespace {

// Git cannot be told what to print here, and ends the push at once: the server tells the client why.
constexpr std::string_view script = R"(#!/bin/sh
# Written by Latchkey at each start.
case "$1" in
  prepared)
    echo prepared >&3
    read -r answer <&3 && [ "$answer" = yes ]
    ;;
  committed | aborted) echo "$1" >&3 ;;
esac
)";
static_assert(hook_descriptor == 3);

void check(bool good, const char* what) {
  if (!good) throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

void write_hook(const std::filesystem::path& hooks) {
  const auto path = hooks / "reference-transaction", draft = hooks / ".reference-transaction";
  Descriptor file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRWXU));
  check(file.get() >= 0, "the hook can't be written");
  check(::write(file.get(), script.data(), script.size()) == static_cast<ssize_t>(script.size()),
        "the hook can't be written");
  file.reset();
  check(::rename(draft.c_str(), path.c_str()) == 0, "the hook can't be written");
}

}  // namespace latchkey::git
