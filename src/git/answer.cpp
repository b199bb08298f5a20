// SPDX-License-Identifier: Apache-2.0
#include "git/answer.hpp"

#include <utility>

namespace latchkey::git {
namespace {

int status_of(RefusalCode code) {
  switch (code) {
    case RefusalCode::not_signed_in:
      return 401;
    case RefusalCode::not_found:
      return 404;
    case RefusalCode::too_many_attempts:
      return 429;
    case RefusalCode::busy:
    case RefusalCode::unavailable:
      return 503;
    case RefusalCode::storage_full:
      return 507;
    case RefusalCode::malformed_request:
      return 400;
    case RefusalCode::forbidden:
    case RefusalCode::strong_sign_in_required:
    case RefusalCode::new_password_required:
    case RefusalCode::invalid_value:
    case RefusalCode::name_taken:
    case RefusalCode::display_name_required:
    case RefusalCode::invalid_display_name:
    case RefusalCode::invalid_valid_to:
    case RefusalCode::invalid_scope:
    case RefusalCode::token_not_found:
    case RefusalCode::token_revoked:
    case RefusalCode::last_administrator:
    case RefusalCode::version_missing:
    case RefusalCode::version_invalid:
    case RefusalCode::version_too_new:
    case RefusalCode::preview_flag_missing:
    case RefusalCode::global_token_policy:
    case RefusalCode::full_scope_policy:
    case RefusalCode::lifespan_policy:
    case RefusalCode::creation_policy:
    case RefusalCode::token_policy:
      return 403;
  }
  return 403;
}

}  // namespace

http::Response plain(int status, std::string text) {
  http::Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.field("Cache-Control", "no-store");
  response.body = std::move(text) + "\n";
  return response;
}

http::Response try_again(std::string text) {
  auto response = plain(503, std::move(text));
  response.field("Retry-After", "5");
  return response;
}

http::Response refused(const Refusal& refusal) {
  const int status = status_of(refusal.code());
  if (status == 503) return try_again(refusal.message());
  auto response = plain(status, refusal.message());
  if (status == 401) response.field("WWW-Authenticate", "Basic realm=\"Latchkey\"");
  return response;
}

http::Response failed(const store::Error& error) {
  using store::ErrorKind;
  switch (error.kind()) {
    case ErrorKind::full:
      return plain(507, "The server's disk is full. Tell its administrator.");
    case ErrorKind::busy:
    case ErrorKind::unavailable:
    case ErrorKind::disk:
      return try_again("The server can't reach its database now. Try again in a moment.");
    case ErrorKind::taken:
    case ErrorKind::missing:
    case ErrorKind::broken:
      break;
  }
  return plain(500, "The server failed. Tell its administrator; its log says why.");
}

}  // namespace latchkey::git
