// Goal: Git's processes see nothing of the server and nothing of a request but checked values. Method: the
// whole list of names is compared, so that a new one is seen here first. SPDX-License-Identifier: Apache-2.0
#include "git/environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace latchkey::git {
namespace {

using testing::Contains;
using testing::Not;
using testing::StartsWith;
using testing::UnorderedElementsAreArray;

BackendCall call(GitRequest::Step step, Service service) {
  return {.step = step,
          .service = service,
          .repository = RepositoryId::random(),
          .user = UserId::random(),
          .protocol = "version=2",
          .repositories = "/data/repositories",
          .hooks = "/data/hooks",
          .pack_max = 12345};
}

std::vector<std::string> names(const std::vector<std::string>& environment) {
  std::vector<std::string> names;
  for (const auto& entry : environment) {
    if (!entry.starts_with("GIT_CONFIG_KEY_") && !entry.starts_with("GIT_CONFIG_VALUE_")) {
      names.push_back(entry.substr(0, entry.find('=')));
    }
  }
  return names;
}

std::string setting(const std::vector<std::string>& environment, const std::string& key) {
  for (const auto& entry : environment) {
    if (!entry.starts_with("GIT_CONFIG_KEY_") || !entry.ends_with("=" + key)) continue;
    const auto prefix = "GIT_CONFIG_VALUE_" + entry.substr(15, entry.find('=') - 15) + "=";
    const auto value =
        std::ranges::find_if(environment, [&](const auto& other) { return other.starts_with(prefix); });
    return value->substr(prefix.size());
  }
  return "(none)";
}

TEST(BackendEnvironment, has_these_names_and_no_others) {
  EXPECT_THAT(names(backend_environment(call(GitRequest::Step::exchange, Service::receive_pack))),
              UnorderedElementsAreArray(
                  {"PATH", "HOME", "LANG", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL", "GIT_PROJECT_ROOT",
                   "GIT_HTTP_EXPORT_ALL", "GIT_HTTP_MAX_REQUEST_BUFFER", "REQUEST_METHOD", "PATH_INFO",
                   "QUERY_STRING", "CONTENT_TYPE", "GIT_PROTOCOL", "REMOTE_USER", "GIT_CONFIG_COUNT"}));
}

TEST(BackendEnvironment, names_a_user_only_for_a_push) {
  for (const auto step : {GitRequest::Step::advertise, GitRequest::Step::exchange}) {
    EXPECT_THAT(backend_environment(call(step, Service::upload_pack)),
                Not(Contains(StartsWith("REMOTE_USER="))));
    const auto push = call(step, Service::receive_pack);
    EXPECT_THAT(backend_environment(push), Contains("REMOTE_USER=" + push.user.text()));
  }
}

TEST(BackendEnvironment, builds_path_and_query_from_checked_values) {
  const auto advertise = call(GitRequest::Step::advertise, Service::upload_pack);
  const auto first = backend_environment(advertise);
  EXPECT_THAT(first, Contains("REQUEST_METHOD=GET"));
  EXPECT_THAT(first, Contains("PATH_INFO=/" + advertise.repository.text() + "/info/refs"));
  EXPECT_THAT(first, Contains("QUERY_STRING=service=git-upload-pack"));
  EXPECT_THAT(first, Contains("GIT_PROTOCOL=version=2"));

  const auto exchange = call(GitRequest::Step::exchange, Service::upload_pack);
  const auto second = backend_environment(exchange);
  EXPECT_THAT(second, Contains("REQUEST_METHOD=POST"));
  EXPECT_THAT(second, Contains("PATH_INFO=/" + exchange.repository.text() + "/git-upload-pack"));
  EXPECT_THAT(second, Contains("QUERY_STRING="));
}

TEST(BackendEnvironment, sets_what_a_repository_must_not_decide) {
  const auto push = call(GitRequest::Step::exchange, Service::receive_pack);
  const auto environment = backend_environment(push);
  EXPECT_EQ(setting(environment, "http.getanyfile"), "false");
  EXPECT_EQ(setting(environment, "safe.directory"), "/data/repositories/" + push.repository.text());
  EXPECT_EQ(setting(environment, "core.hooksPath"), "/data/hooks");
  EXPECT_EQ(setting(environment, "transfer.fsckObjects"), "true");
  EXPECT_EQ(setting(environment, "receive.maxInputSize"), "12345");
  EXPECT_EQ(setting(environment, "gc.auto"), "0");
  EXPECT_EQ(setting(environment, "pack.threads"), "1");
  const auto keys =
      std::ranges::count_if(environment, [](const auto& e) { return e.starts_with("GIT_CONFIG_KEY_"); });
  EXPECT_THAT(environment, Contains("GIT_CONFIG_COUNT=" + std::to_string(keys)));
}

}  // namespace
}  // namespace latchkey::git
