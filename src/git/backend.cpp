// SPDX-License-Identifier: Apache-2.0
#include "git/backend.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <tuple>
#include <utility>

#include "base/encoding.hpp"
#include "git/hook.hpp"

namespace latchkey::git {
namespace {

std::pair<Descriptor, Descriptor> make_socket_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

// "404 Not Found" → 404; 0 for what is no status.
int status_of(std::string_view value) noexcept {
  int status = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), status);
  const bool whole = error == std::errc{} && (end == value.data() + value.size() || *end == ' ');
  return whole && status >= 200 && status <= 599 ? status : 0;
}

// False: the line is no field, or says again what may be said once.
bool take_field(std::string_view line, CgiHead& head, bool& has_status) noexcept {
  const auto colon = line.find(':');
  if (colon == line.npos || colon == 0 || line.find_first_of(" \t") < colon) return false;
  for (const char c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  const auto name = line.substr(0, colon);
  auto value = line.substr(colon + 1);
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  if (same_ascii(name, "Status")) {
    if (std::exchange(has_status, true)) return false;
    head.status = status_of(value);
    return head.status != 0;
  }
  if (same_ascii(name, "Content-Type")) {
    if (!head.content_type.empty()) return false;
    head.content_type = value;
  }
  return true;
}

}  // namespace

std::expected<CgiHead, CgiFault> parse_cgi_head(std::string_view text) noexcept {
  CgiHead head;
  bool has_status = false;
  for (;;) {
    const auto rest = text.substr(head.size);
    const auto end = rest.find("\r\n");
    if (end == rest.npos) {
      const bool may_come = text.size() < CgiHead::size_max && rest.find('\n') == rest.npos;
      return std::unexpected(may_come ? CgiFault::incomplete : CgiFault::broken);
    }
    head.size += end + 2;
    if (head.size > CgiHead::size_max) return std::unexpected(CgiFault::broken);
    if (end == 0) return head;
    if (!take_field(rest.substr(0, end), head, has_status)) return std::unexpected(CgiFault::broken);
  }
}

Backend start_backend(const BackendCall& call) {
  // The body goes through a socket, not a pipe: writing to a child that is gone must not raise SIGPIPE.
  auto [input, input_end] = make_socket_pair();
  auto [output, output_end] = make_pipe();
  auto [errors, errors_end] = make_pipe();
  ProcessOptions options{
      .arguments = {"git", "http-backend"},
      .environment = backend_environment(call),
      .directory = "/",
      .descriptors = {{input_end.get(), STDIN_FILENO},
                      {output_end.get(), STDOUT_FILENO},
                      {errors_end.get(), STDERR_FILENO}},
  };
  Descriptor hook, hook_end;
  if (call.service == Service::receive_pack && call.step == GitRequest::Step::exchange) {
    std::tie(hook, hook_end) = make_socket_pair();
    options.descriptors.emplace_back(hook_end.get(), hook_descriptor);
  }
  return Backend{Process::start(options), std::move(input), std::move(output), std::move(errors),
                 std::move(hook)};
}

}  // namespace latchkey::git
