// SPDX-License-Identifier: Apache-2.0
#include "api/refusals.hpp"

#include <iterator>
#include <string>

#include "base/encoding.hpp"
#include "http/chars.hpp"

namespace latchkey::api {
namespace {

constexpr std::string_view web_api = "Microsoft.VisualStudio.Services.WebApi";
constexpr std::string_view common = "Microsoft.VisualStudio.Services.Common";
constexpr std::string_view framework = "Microsoft.TeamFoundation.Framework.Server";
constexpr std::string_view delegated = "Microsoft.VisualStudio.Services.DelegatedAuthorization";

constexpr RefusalRow invalid_value{400, {"VssPropertyValidationException", common}};
constexpr RefusalRow not_found{404, {"ResourceNotFoundException", web_api}};
constexpr RefusalRow name_taken{409, {"NameAlreadyExistsException", web_api}};
constexpr RefusalRow not_signed_in{401, {"UnauthorizedRequestException", framework}};
constexpr RefusalRow forbidden{403, {"AccessCheckException", framework}};
constexpr ErrorType token_create{"SessionTokenCreateException", delegated};
constexpr RefusalRow display_name_required{400, token_create, false, "displayNameRequired"};
constexpr RefusalRow invalid_display_name{400, token_create, false, "invalidDisplayName"};
constexpr RefusalRow invalid_valid_to{400, token_create, false, "invalidValidTo"};
constexpr RefusalRow invalid_scope{400, token_create, false, "invalidScope"};
constexpr RefusalRow token_not_found{
    404, {"SessionTokenNotFoundException", delegated}, false, "tokenNotFound"};
constexpr RefusalRow token_revoked{
    409, {"SessionTokenUpdateException", delegated}, false, "failedToUpdateAccessToken"};
constexpr RefusalRow last_administrator{409, {"LastAdministratorException", framework}};
constexpr RefusalRow version_missing{400, {"VssVersionNotSpecifiedException", web_api}};
constexpr RefusalRow version_invalid{400, {"VssInvalidApiResourceVersionException", web_api}};
constexpr RefusalRow version_too_new{400, {"VssVersionOutOfRangeException", web_api}};
constexpr RefusalRow preview_flag_missing{400, {"VssInvalidPreviewVersionException", web_api}};
constexpr RefusalRow malformed_request{400, {"InvalidRequestException", web_api}};
constexpr RefusalRow too_many_attempts{429, {"RequestBlockedException", framework}, true};
constexpr RefusalRow busy{503, {"ServerBusyException", framework}, true};
constexpr RefusalRow storage_full{507, {"StorageFullException", framework}};
constexpr RefusalRow unavailable{503, {"ServiceUnavailableException", framework}, true};
constexpr RefusalRow strong_sign_in_required{403, {"SignInTooOldException", framework}};
constexpr RefusalRow new_password_required{403, {"NewPasswordRequiredException", framework}};
constexpr RefusalRow global_token_policy{403, token_create, false, "globalPatPolicyViolation"};
constexpr RefusalRow full_scope_policy{403, token_create, false, "fullScopePatPolicyViolation"};
constexpr RefusalRow lifespan_policy{403, token_create, false, "patLifespanPolicyViolation"};
constexpr RefusalRow creation_policy{403, token_create, false, "disablePatCreationPolicyViolation"};
constexpr RefusalRow token_policy{403, token_create, false, "accessDenied"};

// In the order of the codes' numbers.
constexpr const RefusalRow* rows[] = {&invalid_value,
                                      &not_found,
                                      &name_taken,
                                      &not_signed_in,
                                      &forbidden,
                                      &display_name_required,
                                      &invalid_display_name,
                                      &invalid_valid_to,
                                      &invalid_scope,
                                      &token_not_found,
                                      &token_revoked,
                                      &last_administrator,
                                      &version_missing,
                                      &version_invalid,
                                      &version_too_new,
                                      &preview_flag_missing,
                                      &malformed_request,
                                      &too_many_attempts,
                                      &busy,
                                      &storage_full,
                                      &unavailable,
                                      &strong_sign_in_required,
                                      &new_password_required,
                                      &global_token_policy,
                                      &full_scope_policy,
                                      &lifespan_policy,
                                      &creation_policy,
                                      &token_policy};
static_assert(std::size(rows) == static_cast<std::size_t>(RefusalCode::token_policy));

}  // namespace

const RefusalRow& describe(RefusalCode code) noexcept {
  const auto number = static_cast<std::size_t>(code);
  // No such code: nothing can be told but that no decision was made.
  return number >= 1 && number <= std::size(rows) ? *rows[number - 1] : unavailable;
}

bool from_browser(const http::Head& head) noexcept {
  constexpr std::string_view prefix = "sec-fetch-";
  for (std::size_t i = 0; i < head.field_count; ++i)
    if (http::is_lower(head.fields[i].name.substr(0, prefix.size()), prefix)) return true;
  return false;
}

http::Response refuse(const Asker& asker, int status, const ErrorType& type, std::string_view message,
                      std::string_view field) {
  return asker.git ? text_answer(status, message) : error_answer(status, type, message, field);
}

http::Response challenge(const Asker& asker, std::string_view message) {
  auto response = refuse(asker, 401, not_signed_in.type, message);
  // Basic comes first and on a line of its own: Git and .NET look no further. A browser would ask for a
  // password.
  if (!asker.browser)
    response.field("WWW-Authenticate", "Basic realm=\"" + std::string(asker.public_url) + "\"");
  if (asker.browser || !asker.git) response.field("WWW-Authenticate", "Bearer");
  return response;
}

http::Response refuse(const Asker& asker, const Refusal& refusal) {
  const auto& row = describe(refusal.code());
  if (row.status == 401) return challenge(asker, refusal.message());
  auto response = refuse(asker, row.status, row.type, refusal.message(), refusal.field());
  if (row.retry) response.field("Retry-After", row.status == 429 ? "60" : "1");
  return response;
}

}  // namespace latchkey::api
