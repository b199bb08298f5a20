// Consumers over HTTP: a webhook whose body is signed, and Splunk's HTTP Event Collector.
// SPDX-License-Identifier: Apache-2.0
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/encoding.hpp"
#include "base/sealer.hpp"
#include "delivery/delivery.hpp"
#include "delivery/outgoing_request.hpp"

namespace latchkey::delivery {
namespace json = boost::json;

void send_to_webhook(const Batch& batch, const authority::Outgoing& outgoing) {
  const std::string body = json::serialize(
      json::object{{"stream", batch.stream},
                   {"head", {{"position", batch.head.position}, {"digest", hex(batch.head.digest.bytes())}}},
                   {"events", json::array(batch.events.begin(), batch.events.end())}});
  post(outgoing, batch.inputs.at("Url"),
       {"Content-Type: application/json",
        "Expect:", "X-Latchkey-Signature: sha256=" + hmac_hex(batch.secret, body)},
       {}, body);
}

void send_to_splunk(const Batch& batch, const authority::Outgoing& outgoing) {
  std::string body;
  for (std::size_t i = 0; i < batch.events.size(); ++i) {
    const double seconds = static_cast<double>(microseconds(batch.times[i])) / 1e6;
    body += json::serialize(json::object{{"time", seconds},
                                         {"source", "latchkey"},
                                         {"sourcetype", "latchkey:audit"},
                                         {"event", batch.events[i]}});
    body += '\n';
  }
  const std::string& base = batch.inputs.at("SplunkUrl");
  const auto url = authority::parse_outgoing_url(base);
  const bool bare = url && (url->path.empty() || url->path == "/");
  std::string line = "Authorization: Splunk ";
  line += batch.secret.reveal();
  const Secret field(std::move(line));
  post(outgoing, bare ? base.substr(0, base.size() - url->path.size()) + "/services/collector/event" : base,
       {"Content-Type: application/json", "Expect:"}, field, body);
}

}  // namespace latchkey::delivery
