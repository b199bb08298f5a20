// SPDX-License-Identifier: Apache-2.0
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "app/command.hpp"
#include "app/first_run.hpp"
#include "app/house.hpp"
#include "app/services_file.hpp"
#include "base/log.hpp"
#include "base/process.hpp"

namespace latchkey::app {
namespace {

constexpr std::chrono::seconds drain_limit{30};

struct ServeOptions {
  std::string data, config;
  std::map<std::string, std::vector<std::string>, std::less<>> flags;  // by setting
  bool check = false;
};

Layer flag_layer(const ServeOptions& options) {
  Layer layer;
  for (const SettingName& name : setting_names())
    if (const auto given = options.flags.find(name.key);
        given != options.flags.end() && !given->second.empty())
      layer.emplace(name.key, Given{given->second, std::string(name.flag)});
  return layer;
}

// What the settings file says: its part of the settings, and what stands behind forward-auth. Null services:
// there are errors.
struct SettingsFile {
  Layer layer;
  api::Declarations declarations;
  std::shared_ptr<const api::Services> services;
  std::vector<std::string> warnings;
};

// The file named, or DATA/latchkey.toml where it is there.
SettingsFile read_file(const ServeOptions& options, std::vector<std::string>& errors) {
  const bool named = !options.config.empty();
  const std::filesystem::path path = named ? options.config : options.data + "/latchkey.toml";
  std::ifstream file(path);
  std::error_code unknown;  // a data directory that can't be entered is told of when it is opened
  if (!file && (named || std::filesystem::exists(path, unknown)))
    errors.push_back("can't read " + path.string());
  const std::string text(std::istreambuf_iterator(file), {});
  SettingsFile read{.layer = file_layer(text, path, errors),
                    .declarations = read_services(text, path, errors),
                    .services = {},
                    .warnings = {}};
  read.services = api::Services::compile(read.declarations, errors, read.warnings);
  return read;
}

// A sentence may quote what a file holds: nothing of that may act on a terminal or begin a line.
std::string one_line(std::string sentence) {
  std::ranges::replace_if(sentence, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return sentence;
}
std::string joined(const std::vector<std::string>& errors) {
  std::string text;
  for (const auto& error : errors) text += (text.empty() ? "" : "\nlatchkey: ") + one_line(error);
  return text;
}

// Holds a free port of this host until the server has bound it too (which SO_REUSEADDR allows as long as
// nobody listens), so that its URL is known before there is a server.
class FreePort {
 public:
  explicit FreePort(const std::string& host) {
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host.c_str(), "0", &hints, &found) != 0)
      throw Failure(ExitCode::refused, "can't listen on " + host + ": there is no such host");
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, &freeaddrinfo);
    socket_ = Descriptor(socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int on = 1;
    setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    if (bind(socket_.get(), found->ai_addr, found->ai_addrlen) != 0 ||
        getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&bound), &size) != 0)
      throw Failure(ExitCode::refused, "can't listen on " + host + ": it is no address of this machine");
    // The port stands at the same place in both families' addresses.
    port_ = ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
  }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  Descriptor socket_;
  std::uint16_t port_ = 0;
};

// Under a default URL the server answers to the address as well as to the name.
void complete(Settings& settings) {
  if (!settings.public_url.empty()) return;
  settings.public_url = settings.own_url();
  if (is_loopback(settings.listen.host)) {
    const std::string host = settings.listen.host == "localhost" ? "127.0.0.1" : settings.listen.host;
    settings.aliases.push_back(ServerUrl{settings.tls.has_value(), host, settings.listen.port}.text());
  }
}

// Blocked in every thread, as they are made after this, and taken by the main thread alone.
sigset_t take_signals() {
  sigset_t signals{};
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

std::unique_ptr<House> open_house(const DataDirectory& data, const Settings& settings,
                                  std::shared_ptr<const api::Services> services) {
  try {
    return std::make_unique<House>(data, settings, std::move(services));
  } catch (const std::runtime_error& error) {
    throw Failure(ExitCode::refused, error.what());
  }
}

void log_warnings(const std::vector<std::string>& warnings) {
  for (const auto& warning : warnings) log_warning("settings", {{"warning", warning}});
}

// The part of the file that may change while the server runs; with an error in any part the old one stays.
void reload_services(House& house, const ServeOptions& options) {
  std::vector<std::string> errors;
  auto file = read_file(options, errors);
  for (const auto& error : errors)
    log_error("settings not read again, the old ones stay", {{"error", error}});
  if (!errors.empty()) return house.services().keep(joined(errors));
  log_warnings(file.warnings);
  house.services().replace(std::move(file.services));
  log_info("services read again");
}

// Until it is told to end. Whatever wakes it is an occasion for the work that returns.
void attend(House& house, const ServeOptions& options, const sigset_t& signals) {
  constexpr timespec fold_interval{.tv_sec = 5, .tv_nsec = 0};  // what kill -9 may take of the uses
  using Steady = std::chrono::steady_clock;
  auto next_day = Steady::now();
  for (int signal = 0; signal != SIGTERM && signal != SIGINT;
       signal = sigtimedwait(&signals, nullptr, &fold_interval)) {
    if (signal == SIGHUP) {
      house.reload();
      reload_services(house, options);
    }
    house.fold_uses();
    house.keep_up();
    house.stir_background();
    house.record_failed_sign_ins();
    if (Steady::now() < next_day) continue;
    house.daily();
    next_day += std::chrono::days(1);
  }
}

ExitCode serve(const ServeOptions& options) {
  std::vector<std::string> errors;
  SettingsFile file = read_file(options, errors);
  const std::array layers{flag_layer(options), environment_layer(std::getenv), std::move(file.layer)};
  Settings settings = effective_settings(layers, errors);
  if (options.check) std::cout << show_settings(layers, settings) << show_services(file.declarations);
  if (options.check)
    for (const auto& warning : file.warnings) std::cerr << "latchkey: warning: " << one_line(warning) << '\n';
  if (!errors.empty()) throw Failure(ExitCode::refused, joined(errors));
  if (options.check) return ExitCode::done;
  log_warnings(file.warnings);

  const sigset_t signals = take_signals();
  raise_descriptor_limit();
  const DataDirectory data(options.data, DataDirectory::Missing::make);
  std::optional<FreePort> held;
  if (settings.listen.port == 0) settings.listen.port = held.emplace(settings.listen.host).port();
  complete(settings);
  const auto house = open_house(data, settings, std::move(file.services));
  const std::string how_to_begin = open_set_up(house->authority(), data.path(), settings.public_url);
  house->start();
  held.reset();
  std::cout << "listening on " << settings.own_url() << '\n' << how_to_begin << std::flush;
  attend(*house, options, signals);

  log_info("draining");
  // A second signal ends the process at once: whatever was answered is durable.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  house->drain(drain_limit);
  if (house->disk_failed())
    throw Failure(ExitCode::internal, "the disk failed a commit: look at it, then start the server again");
  return ExitCode::done;
}

}  // namespace

void add_serve(CLI::App& app, Chosen& chosen) {
  add_command<ServeOptions>(
      app, chosen, "serve", "runs the server; on an empty data directory it first shows a set-up link",
      "latchkey serve --data /var/lib/latchkey --listen 127.0.0.1:8080",
      [](CLI::App& command, ServeOptions& options) {
        command.add_option("--data", options.data, "the data directory")
            ->required()
            ->envname("LATCHKEY_DATA");
        for (const SettingName& name : setting_names()) {
          if (name.flag.empty()) continue;
          command
              .add_option(std::string(name.flag), options.flags[std::string(name.key)],
                          std::string(name.help))
              ->type_name(std::string(name.value))
              ->expected(1)
              ->multi_option_policy(name.kind == SettingName::Kind::list ? CLI::MultiOptionPolicy::TakeAll
                                                                         : CLI::MultiOptionPolicy::TakeLast);
        }
        command
            .add_option("--config", options.config, "the settings file (DATA/latchkey.toml, if it is there)")
            ->envname("LATCHKEY_CONFIG");
        command.add_flag("--check", options.check,
                         "print the effective settings and what is wrong with them");
      },
      serve);
}

}  // namespace latchkey::app
