// SPDX-License-Identifier: Apache-2.0
#include "app/terminal.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "app/command.hpp"

namespace latchkey::app {
namespace {

// While it lives, the terminal does not show what is typed.
class Unseen {
 public:
  Unseen() {
    tcgetattr(STDIN_FILENO, &before_);
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;
  ~Unseen() {
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::cerr << '\n';
  }

 private:
  termios before_{};
};

void show(const std::string& question, const std::string& otherwise) {
  if (isatty(STDIN_FILENO) == 0) throw Failure(ExitCode::usage, otherwise);
  std::cerr << question << ": " << std::flush;
}

}  // namespace

Secret read_secret(const std::string& what) {
  std::string line;
  std::getline(std::cin, line);
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) throw Failure(ExitCode::usage, "expected " + what + " on standard input");
  return Secret(std::move(line));
}

Secret ask_secret(const std::string& question, const std::string& otherwise) {
  show(question, otherwise);
  const Unseen unseen;
  return read_secret(question);
}

std::string ask(const std::string& question, const std::string& otherwise) {
  show(question, otherwise);
  std::string line;
  std::getline(std::cin, line);
  return line;
}

}  // namespace latchkey::app
