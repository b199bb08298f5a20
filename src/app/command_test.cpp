// Goal: every command explains itself by an example, none takes a secret as an argument, and a usage error
// runs nothing. Method: the whole command line is declared, walked and parsed; no command is run.
// SPDX-License-Identifier: Apache-2.0
#include "app/command.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <gmock/gmock.h>

namespace latchkey::app {
namespace {

struct CommandLine {
  CommandLine() {
    app.require_subcommand(1);
    for (const auto add : {add_host_commands, add_serve, add_sign_in_commands, add_token_commands,
                           add_project_commands, add_group_commands})
      add(app, chosen);
  }
  // Whether it is understood.
  bool parse(std::vector<std::string> words) {
    std::reverse(words.begin(), words.end());  // as CLI11 takes them
    try {
      app.parse(std::move(words));
      return true;
    } catch (const CLI::ParseError&) {
      return false;
    }
  }

  CLI::App app;
  Chosen chosen;
};

void each_command(const CLI::App& app, const std::function<void(const CLI::App&)>& visit) {
  for (const CLI::App* command : app.get_subcommands(std::function<bool(const CLI::App*)>())) {
    visit(*command);
    each_command(*command, visit);
  }
}

TEST(CommandLine, every_command_shows_an_example_of_itself) {
  int commands = 0;
  each_command(CommandLine().app, [&](const CLI::App& command) {
    ++commands;
    EXPECT_THAT(command.get_footer(), testing::HasSubstr("Example:\n  latchkey ")) << command.get_name();
    EXPECT_THAT(command.get_footer(), testing::HasSubstr(command.get_name())) << command.get_name();
  });
  EXPECT_EQ(commands, 34);
}

TEST(CommandLine, no_option_takes_a_secret) {
  each_command(CommandLine().app, [](const CLI::App& command) {
    for (const CLI::Option* option : command.get_options())
      for (const char* word : {"password", "secret", "cookie"})
        if (option->get_name().contains(word)) {
          EXPECT_EQ(option->get_items_expected_max(), 0) << "it must be a flag";
        }
  });
}

TEST(CommandLine, what_is_understood_is_chosen_and_not_yet_run) {
  CommandLine line;
  EXPECT_TRUE(line.parse({"token", "create", "--name", "n", "--scope", "vso.code", "vso.build"}));
  EXPECT_TRUE(line.chosen);
}

TEST(CommandLine, what_is_not_understood_chooses_nothing) {
  using Words = std::vector<std::string>;
  for (const Words& words :
       {Words{}, Words{"token"}, Words{"token", "create"},
        Words{"token", "create", "--name", "n", "--full", "--scope", "s"},
        Words{"token", "list", "--filter", "odd"}, Words{"repository", "create", "r"}, Words{"login"},
        Words{"serve", "x"}, Words{"token", "regenerate", "id", "--grace", "soon"},
        Words{"login", "--server", "s", "--password", "p"}}) {
    CommandLine line;
    EXPECT_FALSE(line.parse(words)) << testing::PrintToString(words);
    EXPECT_FALSE(line.chosen);
  }
}

TEST(CommandLine, a_list_setting_may_be_given_several_times) {
  CommandLine line;
  EXPECT_TRUE(line.parse(
      {"serve", "--data", "d", "--alias", "https://a", "--alias", "https://b", "--listen", "h:1"}));
}

}  // namespace
}  // namespace latchkey::app
