// SPDX-License-Identifier: Apache-2.0
#include "git/rules.hpp"

#include <algorithm>
#include <string>

#include "base/encoding.hpp"
#include "git/answer.hpp"
#include "http/path.hpp"

namespace latchkey::git {
namespace {

using Step = GitRequest::Step;
using http::Method;

http::Response wrong_method(std::string_view allowed) {
  auto response = plain(405, "This address of a Git repository takes " + std::string(allowed) + " only.");
  response.field("Allow", allowed);
  return response;
}

std::optional<http::Response> broken_advertise(const http::Head& head, Service service) {
  if (head.method != Method::get && head.method != Method::head) return wrong_method("GET, HEAD");
  const auto parameters = http::split_query(head.query);
  const auto is_service = [](const auto& parameter) { return parameter.first == "service"; };
  if (!parameters || std::ranges::count_if(*parameters, is_service) != 1 ||
      std::ranges::find_if(*parameters, is_service)->second != name_of(service)) {
    return plain(400, "Name one service, git-upload-pack or git-receive-pack: use Git 1.6.6 or newer.");
  }
  return std::nullopt;
}

std::optional<http::Response> broken_exchange(const http::Head& head, Service service) {
  if (head.method != Method::post) return wrong_method("POST");
  const std::string wanted = "application/x-" + std::string(name_of(service)) + "-request";
  if (!same_ascii(head.field("content-type").value_or(""), wanted)) {
    return plain(415, "The content type must be " + wanted + ".");
  }
  const auto encoding = head.field("content-encoding").value_or("identity");
  // Stock Git compresses fetch requests alone; a compressed pack would only hide its size.
  const bool gzip_allowed = service == Service::upload_pack;
  if (!same_ascii(encoding, "identity") && !(gzip_allowed && is_gzip(head))) {
    return plain(415, "This content encoding is not served here.");
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Service service) noexcept {
  return service == Service::upload_pack ? "git-upload-pack" : "git-receive-pack";
}

std::string_view answer_type(Step step, Service service) noexcept {
  const bool push = service == Service::receive_pack;
  if (step == Step::advertise) {
    return push ? "application/x-git-receive-pack-advertisement"
                : "application/x-git-upload-pack-advertisement";
  }
  return push ? "application/x-git-receive-pack-result" : "application/x-git-upload-pack-result";
}

std::optional<http::Response> broken_rule(const http::Head& head, Step step, Service service) {
  return step == Step::advertise ? broken_advertise(head, service) : broken_exchange(head, service);
}

std::string_view git_protocol(const http::Head& head) noexcept {
  constexpr std::size_t size_max = 128;
  constexpr std::string_view safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=:.-_";
  const auto value = head.field("git-protocol").value_or("");
  return value.size() <= size_max && value.find_first_not_of(safe) == value.npos ? value : "";
}

bool is_gzip(const http::Head& head) noexcept {
  const auto encoding = head.field("content-encoding").value_or("");
  return same_ascii(encoding, "gzip") || same_ascii(encoding, "x-gzip");
}

}  // namespace latchkey::git
