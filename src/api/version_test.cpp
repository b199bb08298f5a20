// Goal: api-version is read and judged as Azure DevOps has it. Method: tables.
// SPDX-License-Identifier: Apache-2.0
#include "api/version.hpp"

#include <gtest/gtest.h>

#include "base/refusal.hpp"

namespace latchkey::api {
namespace {

using http::Method;

struct VersionCase {
  std::optional<std::string> asked;
  std::optional<RefusalCode> refusal;
};

std::optional<RefusalCode> checked(const Route& route, Method method,
                                   const std::optional<std::string>& asked) {
  try {
    check_version(route, method, asked);
  } catch (const Refusal& refusal) {
    return refusal.code();
  }
  return {};
}

constexpr Route stable{.path = "/", .resource_version = 4};
constexpr Route preview{.path = "/", .resource_version = 1, .preview = true};
constexpr Route without{.path = "/"};

TEST(CheckVersion, follows_the_table) {
  const VersionCase cases[] = {
      {"1.0", {}},
      {"5.0", {}},
      {"7.1", {}},
      {"7.2", {}},
      {"7.2-preview", {}},
      {"7.2-preview.4", {}},
      {"7.2-preview.99", {}},  // newer than ours: answered as ours
      {"7.2-Preview.1", {}},
      {"7.3", RefusalCode::version_too_new},
      {"7.10", RefusalCode::version_too_new},
      {"8.0-preview.1", RefusalCode::version_too_new},
      {"", RefusalCode::version_invalid},
      {"7", RefusalCode::version_invalid},
      {"7.", RefusalCode::version_invalid},
      {"7.1-", RefusalCode::version_invalid},
      {"7.1-beta", RefusalCode::version_invalid},
      {"7.1-preview.", RefusalCode::version_invalid},
      {"7.1-preview.x", RefusalCode::version_invalid},
      {"7.1-preview.1.2", RefusalCode::version_invalid},
      {"-7.1", RefusalCode::version_invalid},
      {"7.-1", RefusalCode::version_invalid},
      {"0.9", RefusalCode::version_invalid},
      {"7.1 ", RefusalCode::version_invalid},
      {"undefined", RefusalCode::version_invalid},
      {"99999999999.0", RefusalCode::version_invalid},
  };
  for (const auto& c : cases) EXPECT_EQ(checked(stable, Method::get, c.asked), c.refusal) << *c.asked;
}

TEST(CheckVersion, may_be_left_out_of_a_get_alone) {
  for (const auto method : {Method::get, Method::head, Method::options})
    EXPECT_EQ(checked(stable, method, {}), std::nullopt);
  for (const auto method : {Method::post, Method::put, Method::patch, Method::delete_})
    EXPECT_EQ(checked(stable, method, {}), RefusalCode::version_missing);
  EXPECT_EQ(checked(without, Method::post, {}), std::nullopt);
  EXPECT_EQ(checked(without, Method::get, "nonsense"), std::nullopt);
}

TEST(CheckVersion, wants_the_flag_of_a_preview) {
  EXPECT_EQ(checked(preview, Method::get, "7.1"), RefusalCode::preview_flag_missing);
  EXPECT_EQ(checked(preview, Method::get, "7.1-preview"), std::nullopt);
  EXPECT_EQ(checked(preview, Method::get, {}), std::nullopt);
}

TEST(AskedVersion, takes_the_query_before_accept) {
  http::Head head;
  head.fields[head.field_count++] = {
      "Accept", "application/json;API-Version=5.0-preview.1;excludeUrls=true, text/plain"};
  EXPECT_EQ(asked_version(head, {}), "5.0-preview.1");
  EXPECT_EQ(asked_version(head, {{"Api-Version", "7.1"}}), "7.1");
  EXPECT_EQ(asked_version(http::Head(), {}), std::nullopt);
}

}  // namespace
}  // namespace latchkey::api
