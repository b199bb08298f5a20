// SPDX-License-Identifier: Apache-2.0
#include "api/portal.hpp"

#include <charconv>

#include "api/envelope.hpp"
#include "base/encoding.hpp"
#include "base/secret.hpp"

namespace latchkey::api {
namespace {

constexpr std::string_view folder = "_assets/";

// style-src names the digest of the empty text: Griffel inserts empty <style> elements and fills them by
// insertRule. An injected empty element can do nothing.
constexpr std::string_view content_security_policy =
    "default-src 'none'; script-src 'self'; "
    "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  for (auto at = text.find(from); at != std::string_view::npos; at = text.find(from)) {
    result.append(text.substr(0, at)).append(to);
    text.remove_prefix(at + from.size());
  }
  return result.append(text);
}

std::string_view path_of(std::string_view url) {
  const auto host = url.find("://");
  const auto slash = host == std::string_view::npos ? url.find('/') : url.find('/', host + 3);
  return slash == std::string_view::npos ? std::string_view() : url.substr(slash);
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// Takes the part before the next separator off a list.
std::string_view take(std::string_view& list, char separator) {
  const auto end = std::min(list.find(separator), list.size());
  const auto part = trimmed(list.substr(0, end));
  list.remove_prefix(std::min(end + 1, list.size()));
  return part;
}

// "q=0", "q=0.000": not taken.
bool is_zero(std::string_view parameter) {
  if (parameter.size() < 3 || !same_ascii(parameter.substr(0, 2), "q=")) return false;
  return parameter.substr(2).find_first_not_of("0.") == std::string_view::npos;
}

// Whether a list such as Accept-Encoding takes a value: by name, else by "*", else not.
bool takes(std::string_view list, std::string_view value) {
  bool by_star = false;
  while (!list.empty()) {
    auto element = take(list, ',');
    const auto name = take(element, ';');
    const bool yes = !is_zero(trimmed(element));
    if (same_ascii(name, value)) return yes;
    if (name == "*") by_star = yes;
  }
  return by_star;
}

bool names(std::string_view etags, std::string_view etag) {
  while (!etags.empty()) {
    auto one = take(etags, ',');
    if (one == etag || one == "*") return true;
  }
  return false;
}

}  // namespace

bool takes_html(const http::Head& head) noexcept {
  std::string_view list = head.field("accept").value_or("");
  while (!list.empty()) {
    auto element = take(list, ',');
    if (same_ascii(take(element, ';'), "text/html")) return true;
  }
  return false;
}

Portal::Portal(std::string_view public_url, std::span<const Asset> assets)
    : before_(path_of(public_url)), bases_{before_ + "/", before_ + "/tfs/"} {
  for (const Asset& asset : assets) {
    if (asset.name == "index.html")
      for (std::size_t i = 0; i < bases_.size(); ++i)
        pages_[i] = replaced(asset.plain, "\"./_assets/", '"' + bases_[i] + std::string(folder));
    if (asset.name.starts_with(folder)) assets_.emplace(asset.name.substr(folder.size()), answers_of(asset));
  }
}

Portal::Answers Portal::answers_of(const Asset& asset) {
  http::Response common{.status = 200, .content_type = asset.content_type, .fields = {}, .body = {}};
  common.field("ETag", asset.etag)
      .field("Cache-Control", "public, max-age=31536000, immutable")
      .field("Vary", "Accept-Encoding")
      .field("X-Content-Type-Options", "nosniff");
  Answers answers{.etag = std::string(asset.etag), .unchanged = common, .encoded = {}};
  answers.unchanged.status = 304;
  answers.unchanged.content_type = {};
  const std::array contents{asset.plain, asset.gzip, asset.brotli};
  constexpr std::array<std::string_view, 3> codings{"", "gzip", "br"};
  for (std::size_t i = 0; i < contents.size(); ++i) {
    http::Response& answer = answers.encoded[i];
    answer.status = 0;
    if (i != plain && contents[i].empty()) continue;
    answer = common;
    if (i != plain) answer.field("Content-Encoding", codings[i]);
    answer.body = contents[i];
  }
  return answers;
}

std::string_view Portal::base(const http::Request& request) const noexcept {
  const auto path = request.head.path;
  const bool below =
      path.size() >= 4 && same_ascii(path.substr(0, 4), "/tfs") && (path.size() == 4 || path[4] == '/');
  return bases_[below ? 1 : 0];
}

http::Response Portal::page(const http::Request& request) const {
  const std::string& html = pages_[base(request) == bases_[0] ? 0 : 1];
  if (html.empty())
    return text_answer(404, "This Latchkey was built without its portal. script/build makes one with it.");
  http::Response response{
      .status = 200, .content_type = "text/html; charset=utf-8", .fields = {}, .body = html};
  response.field("Content-Security-Policy", content_security_policy)
      .field("Referrer-Policy", "same-origin")
      .field("X-Content-Type-Options", "nosniff")
      .field("Cross-Origin-Opener-Policy", "same-origin");
  return response;
}

http::Response Portal::redirect(const http::Request& request, std::string_view path) const {
  http::Response response{.status = 302, .content_type = {}, .fields = {}, .body = {}};
  response.field("Location", std::string(base(request)).append(path));
  return response;
}

http::Response Portal::sign_in_first(const http::Request& request) const {
  // Only a path of ours: it came with this request, and one that begins with two slashes was refused.
  std::string to = before_;
  to.append(request.head.path);
  if (!request.head.query.empty()) to.append("?").append(request.head.query);
  // A token's text in it is told to nobody.
  if (to == base(request) || masked(to) != to) return redirect(request, "_signin");
  return redirect(request, "_signin?to=" + percent_encoded(to));
}

const http::Response* Portal::asset(std::string_view path, const http::Request& request) const {
  const auto found = assets_.find(path);
  if (found == assets_.end()) return nullptr;
  const Answers& answers = found->second;
  if (names(request.head.field("if-none-match").value_or(""), answers.etag)) return &answers.unchanged;
  const auto accepted = request.head.field("accept-encoding").value_or("");
  if (answers.encoded[brotli].status != 0 && takes(accepted, "br")) return &answers.encoded[brotli];
  if (answers.encoded[gzip].status != 0 && takes(accepted, "gzip")) return &answers.encoded[gzip];
  return &answers.encoded[plain];
}

}  // namespace latchkey::api
