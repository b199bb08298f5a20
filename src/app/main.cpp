// SPDX-License-Identifier: Apache-2.0
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <iostream>

#include "app/command.hpp"
#include "base/refusal.hpp"
#include "base/version.hpp"

namespace latchkey::app {
namespace {

// What this process writes is its user's alone, and its memory, which holds secrets, never gets on a disk
// (P2).
void keep_private() {
  umask(077);
  prctl(PR_SET_DUMPABLE, 0);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

ExitCode fail(ExitCode code, const std::string& message) {
  std::cerr << "latchkey: " << message << '\n';
  return code;
}

ExitCode run(int argc, char** argv) {
  CLI::App app{"Latchkey: personal access tokens that an organization runs itself", "latchkey"};
  app.set_version_flag("--version", std::string("latchkey ") + version, "prints the version");
  app.require_subcommand(1);
  app.footer("Every command has --help with an example.");
  Chosen chosen;
  for (const auto add : {add_host_commands, add_serve, add_sign_in_commands, add_token_commands,
                         add_user_commands, add_project_commands, add_group_commands, add_policy_commands,
                         add_audit_commands, add_mail_commands, add_notice_commands})
    add(app, chosen);
  try {
    app.parse(argc, argv);
    return chosen();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? ExitCode::done : ExitCode::usage;
  } catch (const Failure& failure) {
    return fail(failure.code(), failure.what());
  } catch (const Refusal& refusal) {
    return fail(ExitCode::refused, refusal.message());
  } catch (const std::exception& fault) {
    return fail(ExitCode::internal, fault.what());
  }
}

}  // namespace
}  // namespace latchkey::app

int main(int argc, char** argv) {
  latchkey::app::keep_private();
  return static_cast<int>(latchkey::app::run(argc, argv));
}
