// Goal: the discovery that SDKs do first leads them to what is there. Method: their requests, as recorded,
// through the real entry; the route templates are filled as the Node client fills them and asked for.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/testing.hpp"

namespace latchkey::api {
namespace {

using http::Method;

class Discovery : public ::testing::Test {
 protected:
  Answer options(const std::string& path) {
    return desk_.ask({.method = Method::options, .target = path, .fields = token_});
  }

  Desk desk_;
  Fields token_ = desk_.token(desk_.world.ann, "vso.build vso.code vso.project");
};

TEST_F(Discovery, tells_who_is_connected) {
  const auto answer = desk_.get(
      "/tfs/halden/_apis/connectionData?connectOptions=1&lastChangeId=-1&lastChangeId64=-1", token_);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.text("/authenticatedUser/id"), desk_.world.ann.text());
  EXPECT_EQ(answer.text("/authorizedUser/properties/Account/$value"), "ann@example.com");
  EXPECT_EQ(answer.text("/instanceId"), desk_.world.organization.text());
  EXPECT_EQ(answer.text("/deploymentType"), "onPremises");
  EXPECT_EQ(answer.text("/locationServiceData/accessMappings/0/accessPoint"), "http://localhost:8080/");
  EXPECT_EQ(desk_.get("/halden/_apis/connectionData?api-version=7.1", token_).text("/typeKey"),
            "VssInvalidPreviewVersionException");
  EXPECT_EQ(desk_.get("/halden/_apis/connectionData?api-version=7.1-preview", token_).status, 200);
}

TEST_F(Discovery, has_no_areas_elsewhere) {
  const auto areas = desk_.get("/halden/_apis/ResourceAreas",
                               {token_[0], {"Accept", "application/json;api-version=7.2-preview.1"}});
  EXPECT_EQ(areas.body, R"({"count":0,"value":[]})");
  const auto git = desk_.get("/halden/_apis/ResourceAreas/4E080C62-fa21-4fbc-8fef-2a10a2b38049", token_);
  EXPECT_EQ(git.text("/name"), "git");
  EXPECT_EQ(git.text("/locationUrl"), "http://localhost:8080/halden/");
  EXPECT_EQ(desk_.get("/halden/_apis/ResourceAreas/5264459e-e5e0-4bd8-b118-0985e68a4ec5", token_).status,
            404);
}

TEST_F(Discovery, lists_locations_by_area_without_case) {
  const auto location = options("/halden/_apis/location");
  EXPECT_EQ(location.text("/count"), "2");
  EXPECT_EQ(location.text("/value/1/id"), "e81700f7-3be2-46de-8624-2eb35882fcaa");
  const auto core = options("/halden/_apis/Core");
  EXPECT_EQ(core.text("/count"), "1");
  EXPECT_EQ(core.text("/value/0/routeTemplate"), "_apis/{resource}/{*projectId}");
  EXPECT_EQ(core.text("/value/0/resourceVersion"), "4");
  EXPECT_EQ(core.text("/value/0/minVersion"), "1.0");
  EXPECT_EQ(core.text("/value/0/maxVersion"), "7.2");
  EXPECT_EQ(core.text("/value/0/releasedVersion"), "7.1");
  EXPECT_EQ(options("/halden/_apis/nothing").body, R"({"count":0,"value":[]})");
  EXPECT_EQ(options("/halden/_apis").body, options("/halden/_apis/").body);
  EXPECT_EQ(options("/halden/_apis?allHostTypes=True").text("/count"), "13");
  EXPECT_EQ(desk_.ask({.method = Method::options, .target = "/halden/_apis/git"}).status, 401);
}

// The client's rule: a value in place of each name, a part without a value dropped, area and resource from
// the row.
std::string filled(std::string text, const boost::json::value& location, const std::string& project) {
  const std::pair<std::string, std::string> values[] = {
      {"{area}", std::string(location.at("area").as_string())},
      {"{resource}", std::string(location.at("resourceName").as_string())},
      {"{project}", project}};
  for (const auto& [name, value] : values)
    if (const auto at = text.find(name); at != std::string::npos)
      text.replace(at, name.size() + (value.empty() ? 1 : 0), value);
  for (auto at = text.find("/{"); at != std::string::npos; at = text.find("/{"))
    text.erase(at, text.find('}') + 1 - at);
  return text;
}

TEST_F(Discovery, publishes_templates_that_lead_to_rows) {
  ASSERT_EQ(
      desk_
          .send(Method::post, "/halden/_apis/projects", desk_.sign_in("admin@example.com"), R"({"name":"p"})")
          .status,
      202);
  int asked = 0;
  for (const auto& location : options("/halden/_apis").json().at("value").as_array()) {
    if (location.at("area") == "operations") continue;  // has no list
    for (const std::string project : {"", "p"}) {
      if (location.at("resourceName") == "queues" && project.empty()) continue;  // they are a project's
      const auto path =
          "/halden/" + filled(std::string(location.at("routeTemplate").as_string()), location, project);
      // Some are for administrators alone.
      EXPECT_THAT(desk_.get(path + "?api-version=7.2-preview.1", token_).status, testing::AnyOf(200, 403))
          << path;
      ++asked;
    }
  }
  EXPECT_EQ(asked, 23);
}

}  // namespace
}  // namespace latchkey::api
