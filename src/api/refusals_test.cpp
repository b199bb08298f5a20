// Goal: every code has its answer on the wire, in the form for whoever asks. Method: a table of all codes.
// SPDX-License-Identifier: Apache-2.0
#include "api/refusals.hpp"

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <set>

namespace latchkey::api {
namespace {

constexpr Asker client{.public_url = "https://latchkey.example"};

TEST(Refusals, have_a_status_and_a_type_for_every_code) {
  struct Case {
    RefusalCode code;
    int status;
    std::string_view key, token_error;
  };
  const Case cases[] = {
      {RefusalCode::invalid_value, 400, "VssPropertyValidationException", ""},
      {RefusalCode::not_found, 404, "ResourceNotFoundException", ""},
      {RefusalCode::name_taken, 409, "NameAlreadyExistsException", ""},
      {RefusalCode::not_signed_in, 401, "UnauthorizedRequestException", ""},
      {RefusalCode::forbidden, 403, "AccessCheckException", ""},
      {RefusalCode::display_name_required, 400, "SessionTokenCreateException", "displayNameRequired"},
      {RefusalCode::invalid_display_name, 400, "SessionTokenCreateException", "invalidDisplayName"},
      {RefusalCode::invalid_valid_to, 400, "SessionTokenCreateException", "invalidValidTo"},
      {RefusalCode::invalid_scope, 400, "SessionTokenCreateException", "invalidScope"},
      {RefusalCode::token_not_found, 404, "SessionTokenNotFoundException", "tokenNotFound"},
      {RefusalCode::token_revoked, 409, "SessionTokenUpdateException", "failedToUpdateAccessToken"},
      {RefusalCode::last_administrator, 409, "LastAdministratorException", ""},
      {RefusalCode::version_missing, 400, "VssVersionNotSpecifiedException", ""},
      {RefusalCode::version_invalid, 400, "VssInvalidApiResourceVersionException", ""},
      {RefusalCode::version_too_new, 400, "VssVersionOutOfRangeException", ""},
      {RefusalCode::preview_flag_missing, 400, "VssInvalidPreviewVersionException", ""},
      {RefusalCode::malformed_request, 400, "InvalidRequestException", ""},
      {RefusalCode::too_many_attempts, 429, "RequestBlockedException", ""},
      {RefusalCode::busy, 503, "ServerBusyException", ""},
      {RefusalCode::storage_full, 507, "StorageFullException", ""},
      {RefusalCode::unavailable, 503, "ServiceUnavailableException", ""},
      {RefusalCode::strong_sign_in_required, 403, "SignInTooOldException", ""},
  };
  // Codes are dense from 1: a new one at the end is not forgotten here.
  EXPECT_EQ(std::size(cases), 22U);
  std::set<RefusalCode> seen;
  for (const auto& c : cases) {
    EXPECT_EQ(describe(c.code).status, c.status) << c.key;
    EXPECT_EQ(describe(c.code).type.key, c.key);
    EXPECT_EQ(describe(c.code).token_error, c.token_error) << c.key;
    EXPECT_EQ(describe(c.code).retry, c.status == 429 || c.status == 503) << c.key;
    EXPECT_TRUE(seen.insert(c.code).second) << c.key;
  }
}

TEST(Refuse, writes_azure_devops_envelope) {
  const auto response = refuse(client, Refusal(RefusalCode::not_found, "No such \"project\"."));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/json; charset=utf-8");
  const auto body = boost::json::parse(response.body).as_object();
  EXPECT_EQ(body.at("$id"), "1");
  EXPECT_TRUE(body.at("innerException").is_null());
  EXPECT_EQ(body.at("message"), "No such \"project\".");
  EXPECT_EQ(body.at("typeKey"), "ResourceNotFoundException");
  EXPECT_EQ(body.at("typeName"),
            "Microsoft.VisualStudio.Services.WebApi.ResourceNotFoundException, "
            "Microsoft.VisualStudio.Services.WebApi");
  EXPECT_EQ(body.at("errorCode"), 0);
  EXPECT_EQ(body.at("eventId"), 3000);
}

TEST(Refuse, challenges_each_asker_in_its_way) {
  constexpr std::string_view basic = "WWW-Authenticate: Basic realm=\"https://latchkey.example\"\r\n";
  constexpr std::string_view bearer = "WWW-Authenticate: Bearer\r\n";
  EXPECT_EQ(challenge(client, "no").fields, std::string(basic) + std::string(bearer));
  EXPECT_EQ(challenge({.browser = true, .public_url = client.public_url}, "no").fields, bearer);
  const auto git = challenge({.git = true, .public_url = client.public_url}, "no");
  EXPECT_EQ(git.fields, basic);
  EXPECT_EQ(git.content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(git.body, "no\n");
  EXPECT_EQ(challenge({.git = true, .browser = true, .public_url = client.public_url}, "no").fields, bearer);
}

TEST(Refuse, tells_when_to_come_back) {
  EXPECT_EQ(refuse(client, Refusal(RefusalCode::too_many_attempts, "wait")).fields, "Retry-After: 60\r\n");
  EXPECT_EQ(refuse(client, Refusal(RefusalCode::busy, "wait")).fields, "Retry-After: 1\r\n");
}

}  // namespace
}  // namespace latchkey::api
