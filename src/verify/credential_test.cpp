// Goal: a credential is read exactly as token.md says, byte for byte, and in no other spelling. Method:
// tables of headers with what they present; every control character; the bounds of a user name from both
// sides.
// SPDX-License-Identifier: Apache-2.0
#include "verify/credential.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/encoding.hpp"

namespace latchkey::verify {
namespace {

using Kind = Credential::Kind;

const std::string token = std::string(52, 'a') + "JQQJ99CKAAAAAAAAAAAAAAAAAZDOb85G";
const std::string other_token = std::string(52, 'b') + "JQQJ99CKAAAAAAAAAAAAAAAAAZDOfdCL";
const std::string mistyped_token = "b" + token.substr(1);
const std::string same_length(84, 'x');

std::string basic(std::string_view pair) { return "Basic " + base64(pair); }
std::string unpadded(std::string text) { return text.substr(0, text.find_last_not_of('=') + 1); }

void expect(const std::string& header, Kind kind, const std::string& text = token) {
  SCOPED_TRACE(header.substr(0, 300));
  Credential credential;
  credential.read(header, true);
  ASSERT_EQ(static_cast<int>(credential.kind()), static_cast<int>(kind));
  if (kind == Kind::token) EXPECT_EQ(credential.text(), text);
}

TEST(Credential, tells_an_absent_header_from_an_empty_one) {
  Credential credential;
  EXPECT_EQ(credential.kind(), Kind::none);
  credential.read("", false);
  EXPECT_EQ(credential.kind(), Kind::none);
  credential.read("", true);
  EXPECT_EQ(credential.kind(), Kind::malformed);
}

TEST(Credential, is_found_in_every_form_that_clients_send) {
  const std::string rows[] = {
      basic(":" + token),                          // no user name
      basic("alice:" + token),                     // any user name
      basic("alice@example.com:" + token),         //
      basic("PAT:" + token),                       //
      basic(" :" + token),                         // a blank is no control character
      basic("a b\"c\\d,e;f=g:" + token),           //
      basic("Zo\xeb:" + token),                    // Latin-1
      basic("Zo\xc3\xab:" + token),                // UTF-8
      basic("\xe6\x97\xa5\xe6\x9c\xac:" + token),  //
      basic("\xff\xfe\x80\x9f:" + token),          // bytes that are no text at all
      basic(token + ":"),                          // the token as the user name
      basic(token + ":" + token),                  // the same one twice
      basic(same_length + ":" + token),            // a user name of a token's length is none
      "basic " + base64(":" + token),              // schemes in any case
      "BASIC " + base64(":" + token),              //
      "bAsIc " + base64(":" + token),              //
      "Basic  " + base64(":" + token),             // one blank or more
      "Basic       " + base64(":" + token),        //
      unpadded(basic(":" + token)),                // missing padding
      unpadded(basic("a:" + token)),               //
      unpadded(basic("ab:" + token)),              //
      "Bearer " + token,                           //
      "bearer " + token,                           //
      "BEARER    " + token,                        //
  };
  for (const auto& header : rows) expect(header, Kind::token);
  expect(basic(other_token + ":"), Kind::token, other_token);
  expect(basic("alice:" + mistyped_token), Kind::token, mistyped_token);
  expect(basic(mistyped_token + ":"), Kind::token, mistyped_token);
  expect("Bearer " + same_length, Kind::token, same_length);
  expect(basic("u:" + std::string(83, 'x') + ":"), Kind::token, std::string(83, 'x') + ":");
}

TEST(Credential, is_a_password_where_a_pair_holds_no_text_of_a_tokens_length) {
  const std::string rows[] = {
      basic("alice:correct horse"),              // a password
      basic("alice:with:colons:in:it"),          //
      basic("alice:" + token + "x"),             // longer than a token
      basic("alice:" + token.substr(1)),         // shorter
      basic("alice:" + std::string(5000, 'x')),  //
      basic("alice:p\xc3\xa4ss"),                //
      basic("alice:"),                           // an empty one
      basic(":"),                                //
      basic(same_length + ":secret"),            // a user name of a token's length is none
  };
  for (const auto& header : rows) expect(header, Kind::password);
}

TEST(ReadPassword, gives_both_halves_of_a_pair_that_is_a_password_and_nothing_else) {
  const auto halves = [](const std::string& header) -> std::string {
    const auto pair = read_password(header);
    return pair ? pair->user + "|" + std::string(pair->password.reveal()) : "none";
  };
  EXPECT_EQ(halves(basic("alice@example.com:correct horse")), "alice@example.com|correct horse");
  EXPECT_EQ(halves("basic   " + unpadded(base64("alice:with:colons"))), "alice|with:colons");
  EXPECT_EQ(halves(basic("al\xc3\xafs:p\xc3\xa4ss")), "al\xc3\xafs|p\xc3\xa4ss");
  for (const auto& header :
       {basic("alice:"), basic(":secret"), basic(":"), basic("alice:" + token), basic("alice:" + same_length),
        basic("alice:" + mistyped_token), basic(token + ":secret"), basic("alice:a\nb"), basic("alice"),
        std::string(), std::string("Basic"), "Bearer " + base64("alice:secret")})
    EXPECT_EQ(halves(header), "none") << header;
}

TEST(Credential, refuses_every_other_form) {
  const auto good = base64(":" + token);      // 85 bytes: ends in "=="
  const auto shorter = base64("a:" + token);  // 86 bytes: ends in "="
  const auto exact = base64("ab:" + token);   // 87 bytes: no padding
  ASSERT_TRUE(good.ends_with("==") && shorter.ends_with("=") && !shorter.ends_with("==") &&
              !exact.ends_with("="));
  const std::string rows[] = {
      "Basic",                                                 // nothing after the scheme
      "Basic ",                                                //
      "Bearer",                                                //
      "Bearer ",                                               //
      token,                                                   // no scheme
      good,                                                    //
      " Basic " + good,                                        // a blank before the scheme
      "Basic\t" + good,                                        // a tab is no blank
      "Basic \t" + good,                                       //
      "Basic" + good,                                          //
      "Basic:" + good,                                         //
      "Basi " + good,                                          //
      "Basicx " + good,                                        //
      "Bearer: " + token,                                      //
      "Token " + token,                                        // other schemes
      "Digest " + good,                                        //
      "Negotiate " + good,                                     //
      "Basic " + good + " ",                                   // something after the credential
      "Basic " + good + ",",                                   //
      "Basic " + good + ", realm=x",                           //
      "Basic " + good + " charset=UTF-8",                      //
      "Basic " + good + ";x",                                  //
      "Basic " + good + ", Basic " + good,                     // a joined pair
      "Basic " + good + ",Basic " + good,                      //
      "Basic " + good + ", Bearer " + token,                   //
      "Bearer " + token + ", Basic " + good,                   //
      "Bearer " + token + ", Bearer " + token,                 //
      "Bearer " + token + " ",                                 //
      "Bearer " + token + ",",                                 //
      "Bearer " + token + " x=y",                              //
      "Bearer " + token + "=",                                 //
      "Bearer " + token.substr(1),                             // not a token's length
      "Bearer " + token + "x",                                 //
      "Bearer " + good,                                        //
      "Bearer eyJhbGciOiJub25lIn0.e30.",                       //
      "Basic \"" + good + "\"",                                // letters outside the alphabet
      "Basic " + good.substr(0, 8) + " " + good.substr(8),     //
      "Basic " + good.substr(0, 8) + "\r\n" + good.substr(8),  //
      "Basic " + good.substr(0, 8) + "-" + good.substr(9),     // base64url
      "Basic " + good.substr(0, 8) + "_" + good.substr(9),     //
      "Basic " + good.substr(0, 8) + "\xc3" + good.substr(9),  //
      "Basic " + good.substr(0, 8) + std::string(1, '\0') + good.substr(9),
      "Basic " + good.substr(0, 8) + "=" + good.substr(9),   // inner padding
      "Basic =" + good.substr(1),                            //
      "Basic " + good.substr(0, 8) + "==" + good.substr(8),  //
      "Basic YTo=" + base64(token),                          // two texts joined
      "Basic " + good + "=",                                 // padding that is too long
      "Basic " + good + "==",                                // doubled
      "Basic " + shorter + "=",                              //
      "Basic " + exact + "=",                                //
      "Basic " + exact + "==",                               //
      "Basic " + exact + "====",                             //
      "Basic " + good.substr(0, good.size() - 1),            // padding that is there, but too short
      "Basic " + unpadded(good).substr(0, 5),                // six bits are no byte
      "Basic =",                                             // padding alone
      "Basic ====",                                          //
      basic(""),                                             //
      basic(token),                                          // no colon
      basic("alice"),                                        //
      basic(token + ":x-oauth-basic"),                       // a token as the user name, and another secret
      basic(token + ":" + other_token),                      //
      basic(token + ":" + mistyped_token),                   //
      basic(token + ":" + token + "x"),                      //
      basic(token + ": "),                                   //
      basic(token + "::"),                                   //
      basic(mistyped_token + ":" + token),                   // a mistyped one, too
  };
  for (const auto& header : rows) expect(header, Kind::malformed);
}

TEST(Credential, refuses_a_control_character_anywhere_in_the_pair) {
  const std::string pair = "alice:" + token;
  for (std::size_t position = 0; position <= pair.size(); ++position) {
    for (int byte = 0; byte < 256; ++byte) {
      if (byte >= 0x20 && byte != 0x7f) continue;
      auto broken = pair;
      broken.insert(position, 1, static_cast<char>(byte));
      expect(basic(broken), Kind::malformed);
    }
  }
  expect(basic("alice:pass\nword"), Kind::malformed);
  expect(basic(token + ":\r"), Kind::malformed);
  expect(basic("alice:" + std::string(5000, 'x') + "\n"), Kind::malformed);
}

TEST(Credential, takes_a_user_name_of_four_kilobytes) {
  expect(basic(std::string(4096, 'u') + ":" + token), Kind::token);
  expect(basic(std::string(4096, '\xff') + ":" + token), Kind::token);
  expect(basic(std::string(4096, 'u') + ":password"), Kind::password);
  expect(basic(std::string(4097, 'u') + ":" + token), Kind::malformed);
  expect(basic(std::string(4097, 'u') + ":"), Kind::malformed);
  expect(basic(std::string(11000, 'u') + ":" + token), Kind::malformed);
}

TEST(Credential, remembers_how_it_came) {
  Credential credential;
  credential.read(basic("alice:" + token), true);
  EXPECT_TRUE(credential.basic());
  credential.read("Bearer " + token, true);
  EXPECT_FALSE(credential.basic());
}

TEST(Credential, keeps_nothing_of_the_one_before) {
  Credential credential;
  credential.read("Bearer " + token, true);
  credential.read("Bearer x", true);
  EXPECT_EQ(credential.kind(), Kind::malformed);
  EXPECT_FALSE(credential.text().contains('J'));
  credential.read("Bearer " + token, true);
  credential.read("", false);
  EXPECT_EQ(credential.kind(), Kind::none);
  EXPECT_FALSE(credential.text().contains('J'));
}

}  // namespace
}  // namespace latchkey::verify
