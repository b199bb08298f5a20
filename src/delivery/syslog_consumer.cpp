// Syslog over TLS: RFC 5424 messages, each with its length before it (RFC 5425).
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <array>
#include <boost/json/serialize.hpp>

#include "delivery/delivery.hpp"
#include "delivery/outgoing_request.hpp"

namespace latchkey::delivery {
namespace {

constexpr int log_audit = 13, informational = 6;

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0 || name.front() == '\0') return "-";
  return name.data();
}

// The action is the MSGID: of printable ASCII, 32 characters at most.
std::string message_of(const boost::json::object& event, Time time, const std::string& host) {
  const auto action = std::string(std::string_view(event.at("ActionId").get_string())).substr(0, 32);
  return "<" + std::to_string(log_audit * 8 + informational) + ">1 " + iso8601(time) + " " + host +
         " latchkey - " + action + " - \xEF\xBB\xBF" + boost::json::serialize(event);
}

}  // namespace

void send_to_syslog(const Batch& batch, const authority::Outgoing& outgoing) {
  const std::string host = host_name();
  std::string bytes;
  for (std::size_t i = 0; i < batch.events.size(); ++i) {
    const auto message = message_of(batch.events[i], batch.times[i], host);
    bytes += std::to_string(message.size()) + " " + message;
  }
  const auto input = [&](std::string_view name, std::string_view usual) {
    const auto found = batch.inputs.find(name);
    return found == batch.inputs.end() ? std::string(usual) : found->second;
  };
  send_over_tls(outgoing, batch.inputs.at("Host"), input("Port", "6514"), input("CaCertificate", ""), bytes);
}

}  // namespace latchkey::delivery
