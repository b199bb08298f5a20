// What all commands of the command line share: exit codes, the exception that carries one, and how a command
// is declared. Parsing only chooses; what was chosen runs afterwards, so that a usage error never has done
// half a thing. Main thread only.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <CLI/App.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace latchkey::app {

// Scripts rely on these (docs: Command line).
enum class ExitCode : int { done = 0, refused = 1, usage = 2, unreachable = 3, internal = 4 };

// A command can't do what it was asked. `message` is one sentence for standard error that says what to do.
class Failure : public std::exception {
 public:
  Failure(ExitCode code, std::string message) : code_(code), message_(std::move(message)) {}
  [[nodiscard]] ExitCode code() const noexcept { return code_; }
  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

 private:
  ExitCode code_;
  std::string message_;
};

using Chosen = std::function<ExitCode()>;

// Declares a command: its options by `declare`, and what runs when the command line names it.
template <class Options>
void add_command(CLI::App& parent, Chosen& chosen, const char* name, const char* does, const char* example,
                 void (*declare)(CLI::App&, Options&), ExitCode (*run)(const Options&)) {
  auto options = std::make_shared<Options>();
  CLI::App* command = parent.add_subcommand(name, does)->footer(std::string("Example:\n  ") + example);
  declare(*command, *options);
  command->callback([&chosen, options, run] { chosen = [options, run] { return run(*options); }; });
}

void add_host_commands(CLI::App& app, Chosen& chosen);     // host_commands.cpp: init, reset-password
void add_serve(CLI::App& app, Chosen& chosen);             // serve.cpp
void add_sign_in_commands(CLI::App& app, Chosen& chosen);  // sign_in_commands.cpp: login, logout, whoami
void add_token_commands(CLI::App& app, Chosen& chosen);    // token_commands.cpp
void add_user_commands(CLI::App& app, Chosen& chosen);     // user_commands.cpp
void add_project_commands(CLI::App& app, Chosen& chosen);  // project_commands.cpp: project, repository
void add_group_commands(CLI::App& app, Chosen& chosen);    // group_commands.cpp
void add_audit_commands(CLI::App& app, Chosen& chosen);    // audit_commands.cpp
void add_mail_commands(CLI::App& app, Chosen& chosen);     // mail_commands.cpp
void add_notice_commands(CLI::App& app, Chosen& chosen);   // notice_commands.cpp
void add_policy_commands(CLI::App& app, Chosen& chosen);   // policy_commands.cpp

}  // namespace latchkey::app
