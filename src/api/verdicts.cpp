// SPDX-License-Identifier: Apache-2.0
#include "api/verdicts.hpp"

#include "base/encoding.hpp"

namespace latchkey::api {
namespace {

using verify::Reason;

constexpr std::string_view uniform =
    "TF400813: Resource not available for anonymous access. Client authentication required.";

std::string named(const verify::Refused& refused) {
  return "The personal access token " + std::string(refused.fingerprint.text());
}

std::string on(const verify::Refused& refused) {
  return refused.since ? " on " + iso_date(*refused.since) : std::string();
}

// 401 that tells the holder of a real text why, in the body and where .NET's clients look for it.
http::Response told(const Asker& asker, const std::string& message) {
  auto response = challenge(asker, message);
  response.field("X-TFS-ServiceError", percent_encoded(message));
  return response;
}

http::Response scope_missing(const Asker& asker, const verify::Refused& refused, std::string_view asked,
                             std::string_view place) {
  const std::string scope(asked.empty() ? token::full_access : asked);
  const auto known = token::find_scope(scope);
  const std::string spelled = known ? " (" + std::string(token::describe(*known).category) + ": " +
                                          std::string(token::describe(*known).access) + ")"
                                    : " (full access)";
  auto response = refuse(asker, 403, describe(RefusalCode::forbidden).type,
                         named(refused) + " lacks the scope " + scope + spelled +
                             ", which this request needs. Add the scope to it, or create another token, at " +
                             std::string(place) + ".");
  response.field("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"" + scope + "\"");
  return response;
}

}  // namespace

http::Response nobody(const Asker& asker) { return challenge(asker, uniform); }

http::Response refuse(const Asker& asker, const verify::Refused& refused, std::string_view scope,
                      std::string_view place) {
  const std::string at = " at " + std::string(place) + ".";
  switch (refused.reason) {
    case Reason::malformed:
    case Reason::bad_checksum:
    case Reason::unknown:
    case Reason::basic_authentication_disabled:
      return nobody(asker);
    case Reason::expired:
      return told(asker,
                  named(refused) + " expired" + on(refused) + ". Regenerate it, or create another," + at);
    case Reason::revoked:
      return told(asker, named(refused) + " was revoked" + on(refused) + ". Create another" + at);
    case Reason::replaced:
      return told(asker, named(refused) + " was replaced" + on(refused) +
                             " when its token was regenerated. Use the new text, or regenerate again" + at);
    case Reason::inactive:
      return told(asker, named(refused) + " rests because it was not used for long. Sign in to wake it" + at);
    case Reason::owner_disabled:
      return told(asker, named(refused) +
                             " is refused because its owner's account is disabled. Ask an administrator.");
    case Reason::wrong_organization:
      return told(asker, named(refused) +
                             " does not work in the organization that the URL or the service names: there is "
                             "none of that name, the token is for another, or its owner is no member. Check "
                             "the URL.");
    case Reason::insufficient_scope:
      return scope_missing(asker, refused, scope, place);
    case Reason::resource_not_allowed:
      return refuse(asker, 403, describe(RefusalCode::forbidden).type,
                    named(refused) + " is limited to other resources. Edit it, or create another," + at);
    case Reason::address_not_allowed:
      return told(asker, named(refused) +
                             " may not be used from this address. Ask an administrator of the organization.");
    case Reason::global_tokens_forbidden:
      return told(asker, named(refused) +
                             " is good for all organizations, which this one forbids. Create another for "
                             "this organization" +
                             at);
    case Reason::banned_here:
      return told(asker, named(refused) +
                             " is good for all organizations, but this one has banned it. Create another for "
                             "this organization" +
                             at);
    case Reason::too_many_guesses:
      return refuse(asker, too_many_guesses());
  }
  return nobody(asker);
}

http::Response cannot_decide(const Asker& asker) {
  return refuse(asker,
                Refusal(RefusalCode::unavailable, "The server cannot decide now. Repeat the request."));
}

Refusal too_many_guesses() {
  return {RefusalCode::too_many_attempts,
          "Too many credentials that are no good came from your network. Repeat the request in a minute; a "
          "good credential is never slowed."};
}

http::Response session_only(const Asker& asker, bool by_password) {
  const std::string what = by_password ? "A password that comes with the request" : "A personal access token";
  return refuse(
      asker,
      Refusal(RefusalCode::forbidden,
              what +
                  " may not do this: it can never list, create, change or revoke tokens, nor stand for "
                  "a sign-in. Sign in at " +
                  std::string(asker.public_url) + ", by POST /_session or with latchkey login."));
}

}  // namespace latchkey::api
