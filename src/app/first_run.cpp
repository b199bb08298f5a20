// SPDX-License-Identifier: Apache-2.0
#include "app/first_run.hpp"

#include <unistd.h>

#include <iostream>

#include "app/private_file.hpp"
#include "base/password.hpp"
#include "base/refusal.hpp"

namespace latchkey::app {
namespace {

std::string copy(const Secret& secret) { return std::string(secret.reveal()); }

// Generates a password, hands it to `use`, and tells it to whoever is there. It goes into its file before it
// is used: a password that nobody has seen must not become the only way in.
void with_first_password(const std::filesystem::path& data, const std::function<void(const Secret&)>& use) {
  const Secret password = generate_password();
  const std::filesystem::path file = data / "initial-password";
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  if (!terminal) write_private_file(file, copy(password) + '\n');
  try {
    use(password);
  } catch (...) {
    if (!terminal) std::filesystem::remove(file);
    throw;
  }
  std::cout << "password:      "
            << (terminal ? copy(password) + "   (shown only now)"
                         : "in " + file.string() + " (delete it after use)")
            << "\n               for one sign-in within " << authority::first_password_lasts.count()
            << " minutes, which asks for your own\n";
}

}  // namespace

void first_run(authority::Authority& authority, const std::filesystem::path& data, FirstRunRequest request) {
  if (authority::is_initialized(authority))
    throw Refusal(RefusalCode::invalid_value, data.string() +
                                                  " is initialized already: run latchkey serve --data " +
                                                  data.string() + ", or name another directory");
  const auto initialize = [&](const Secret& password, bool generated) {
    authority::initialize(authority, {request.organization, request.email, Secret(copy(password)), generated},
                          {.address = "", .agent = "latchkey init", .activity = ActivityId::random()});
    std::cout << "organization:  " << request.organization << "\nadministrator: " << request.email << '\n';
  };
  if (request.password)
    initialize(*request.password, false);
  else
    with_first_password(data, [&](const Secret& password) { initialize(password, true); });
  std::cout << std::flush;
}

std::string open_set_up(authority::Authority& authority, const std::filesystem::path& data,
                        const std::string& public_url) {
  const std::filesystem::path file = data / "set-up-link";
  if (authority::is_initialized(authority)) {
    std::filesystem::remove(file);
    return {};
  }
  const Secret code = authority.set_up.open(authority.clock.now());
  std::string link = public_url + "/_setup#" + copy(code);
  if (isatty(STDOUT_FILENO) != 1) {
    write_private_file(file, link + '\n');
    link = "the link in " + file.string();
  }
  return "set it up by " + link + "   (good once, within " + std::to_string(authority::set_up_lasts.count()) +
         " minutes)\n";
}

void reset_password(authority::Authority& authority, const std::filesystem::path& data,
                    const std::string& email) {
  with_first_password(data, [&](const Secret& password) {
    authority::reset_password(
        authority, email, password,
        {.address = "", .agent = "latchkey reset-password", .activity = ActivityId::random()});
  });
}

}  // namespace latchkey::app
