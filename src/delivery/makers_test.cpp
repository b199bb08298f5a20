// Goal: who reads of a token that a tool made is told which tool. Method: a table of what tools send.
// SPDX-License-Identifier: Apache-2.0
#include "delivery/makers.hpp"

#include <gtest/gtest.h>

namespace latchkey::delivery {
namespace {

struct Row {
  std::string_view name, agent, way;
  Maker maker{};
  std::string_view machine{};
};
constexpr Row rows[] = {
    {"Release pipeline", "Mozilla/5.0", "portal", Maker::person},
    {"", "", "", Maker::person},
    {"git: https://dev.azure.com/halden on RUNNER-04", "", "api", Maker::git_credential_manager, "RUNNER-04"},
    {"git: https://on.example.com/halden on box on desk", "", "api", Maker::git_credential_manager, "desk"},
    {"git: my notes", "Mozilla/5.0", "portal", Maker::person},  // no address, no machine
    {"x", "Git-Credential-Manager/2.6 (linux)", "api", Maker::git_credential_manager},
    {"Service Hooks: Azure App Service: Deploy web app", "", "api", Maker::service_hook},
    {"service hooks: other", "", "portal", Maker::service_hook},
    {"Service hook", "", "portal", Maker::person},
    {"WebAppLoadTestCDIntToken", "", "api", Maker::load_test},
    {"Microsoft Teams Integration", "", "api", Maker::teams},
    {"grafana", "", "client", Maker::oauth_client},
    {"laptop", "latchkey/0.1.0", "command line", Maker::command_line},
    {"git: https://dev.azure.com/halden on X", "latchkey/0.1.0", "command line",
     Maker::git_credential_manager, "X"},
};

TEST(Makers, of_what_tools_are_known_to_send) {
  for (const Row& row : rows) {
    const auto made = maker_of(row.name, row.agent, row.way);
    EXPECT_EQ(made.maker, row.maker) << row.name;
    EXPECT_EQ(made.machine, row.machine) << row.name;
  }
}

}  // namespace
}  // namespace latchkey::delivery
