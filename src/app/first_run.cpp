// SPDX-License-Identifier: Apache-2.0
#include "app/first_run.hpp"

#include <unistd.h>

#include <iostream>

#include "app/private_file.hpp"
#include "base/password.hpp"
#include "base/refusal.hpp"

namespace latchkey::app {

void first_run(authority::Authority& authority, const std::filesystem::path& data, FirstRunRequest request) {
  if (authority::is_initialized(authority))
    throw Refusal(RefusalCode::invalid_value, data.string() +
                                                  " is initialized already: run latchkey serve --data " +
                                                  data.string() + ", or name another directory");
  const bool generated = !request.password, terminal = isatty(STDOUT_FILENO) == 1;
  const Secret password = generated ? generate_password() : std::move(*request.password);
  const std::filesystem::path file = data / "initial-password";
  // Before the commit: a password that nobody has seen must not become the only way in.
  if (generated && !terminal) write_private_file(file, std::string(password.reveal()) + '\n');
  try {
    authority::initialize(authority,
                          {request.organization, request.email, Secret(std::string(password.reveal()))},
                          {.address = "", .agent = "latchkey init", .activity = ActivityId::random()});
  } catch (...) {
    if (generated && !terminal) std::filesystem::remove(file);
    throw;
  }

  std::cout << "organization:  " << request.organization << "\nadministrator: " << request.email << '\n';
  if (generated && terminal) std::cout << "password:      " << password.reveal() << "   (shown only now)\n";
  if (generated && !terminal)
    std::cout << "password:      in " << file.string() << " (delete it when you have it)\n";
  if (!request.address.empty()) std::cout << "sign in:       " << request.address << '\n';
  std::cout << std::flush;
}

}  // namespace latchkey::app
