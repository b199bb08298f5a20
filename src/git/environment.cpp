// SPDX-License-Identifier: Apache-2.0
#include "git/environment.hpp"

#include <cstdlib>

#include "git/body.hpp"
#include "git/rules.hpp"

namespace latchkey::git {
namespace {

using Configuration = std::vector<std::pair<std::string_view, std::string>>;

Configuration configuration_of(const BackendCall& call) {
  return {
      {"http.getanyfile", "false"},  // no dumb protocol
      {"safe.directory", (call.repositories / call.repository.text()).string()},
      {"core.hooksPath", call.hooks.string()},
      {"transfer.fsckObjects", "true"},
      {"receive.maxInputSize", std::to_string(call.pack_max)},
      // What was answered is durable: refs and loose objects too, which Git does not sync by itself.
      {"core.fsync", "committed"},
      {"core.fsyncMethod", "batch"},
      {"gc.auto", "0"},
      {"receive.autogc", "false"},
      {"maintenance.auto", "false"},
      // Memory of one process, whatever is in the pack.
      {"pack.threads", "1"},
      {"pack.windowMemory", "64m"},
      {"pack.deltaCacheSize", "32m"},
      {"core.deltaBaseCacheLimit", "32m"},
      {"core.packedGitLimit", "256m"},
      {"core.packedGitWindowSize", "16m"},
      {"core.bigFileThreshold", "16m"},
  };
}

void add_configuration(std::vector<std::string>& environment, const Configuration& configuration) {
  environment.push_back("GIT_CONFIG_COUNT=" + std::to_string(configuration.size()));
  for (std::size_t i = 0; i < configuration.size(); ++i) {
    const auto number = std::to_string(i);
    environment.push_back("GIT_CONFIG_KEY_" + number + "=" + std::string(configuration[i].first));
    environment.push_back("GIT_CONFIG_VALUE_" + number + "=" + configuration[i].second);
  }
}

}  // namespace

std::vector<std::string> plain_environment() {
  const char* path = std::getenv("PATH");
  return {std::string("PATH=") + (path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin"),
          "HOME=/nonexistent", "LANG=C.UTF-8", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null"};
}

std::vector<std::string> backend_environment(const BackendCall& call) {
  auto environment = plain_environment();
  const std::string service(name_of(call.service));
  const std::string place = "/" + call.repository.text();
  environment.push_back("GIT_PROJECT_ROOT=" + call.repositories.string());
  environment.emplace_back("GIT_HTTP_EXPORT_ALL=1");
  environment.push_back("GIT_HTTP_MAX_REQUEST_BUFFER=" + std::to_string(2 * Body::lines_max));
  if (call.step == GitRequest::Step::advertise) {
    environment.emplace_back("REQUEST_METHOD=GET");
    environment.push_back("PATH_INFO=" + place + "/info/refs");
    environment.push_back("QUERY_STRING=service=" + service);
  } else {
    environment.emplace_back("REQUEST_METHOD=POST");
    environment.push_back("PATH_INFO=" + place + "/" + service);
    environment.emplace_back("QUERY_STRING=");
    environment.push_back("CONTENT_TYPE=application/x-" + service + "-request");
  }
  if (!call.protocol.empty()) environment.push_back("GIT_PROTOCOL=" + call.protocol);
  // Without it Git refuses every push: it is there only once open_repository() has let this one through.
  if (call.service == Service::receive_pack) environment.push_back("REMOTE_USER=" + call.user.text());
  add_configuration(environment, configuration_of(call));
  return environment;
}

}  // namespace latchkey::git
