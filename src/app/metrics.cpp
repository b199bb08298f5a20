// SPDX-License-Identifier: Apache-2.0
#include "app/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <limits>
#include <utility>

#include "api/match.hpp"
#include "base/log.hpp"

namespace latchkey::app {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

double number(std::uint64_t value) { return static_cast<double>(value); }

ClientMetric counted(std::uint64_t value, Labels labels = {}) {
  ClientMetric metric;
  metric.label = std::move(labels);
  metric.counter.value = number(value);
  return metric;
}

MetricFamily counter(std::string name, std::string help, std::uint64_t value) {
  return {std::move(name), std::move(help), MetricType::Counter, {counted(value)}};
}

MetricFamily gauge(std::string name, std::string help, std::uint64_t value) {
  ClientMetric metric;
  metric.gauge.value = number(value);
  return {std::move(name), std::move(help), MetricType::Gauge, {std::move(metric)}};
}

// The sum of several histograms of one kind; `unit`: what one of their values is in the metric's unit.
template <std::array bounds, class Histograms>
ClientMetric histogram(const Histograms& parts, double unit, Labels labels = {}) {
  ClientMetric metric;
  metric.label = std::move(labels);
  std::uint64_t sum = 0;
  for (std::size_t bucket = 0; bucket <= bounds.size(); ++bucket) {
    for (const Histogram<bounds>* part : parts) metric.histogram.sample_count += part->count(bucket);
    const double bound =
        bucket < bounds.size() ? number(bounds[bucket]) * unit : std::numeric_limits<double>::infinity();
    metric.histogram.bucket.push_back({metric.histogram.sample_count, bound});
  }
  for (const Histogram<bounds>* part : parts) sum += part->sum();
  metric.histogram.sample_sum = number(sum) * unit;
  return metric;
}

template <class Get>
std::uint64_t total(const Measured& measured, Get get) {
  std::uint64_t sum = 0;
  for (const auto& reactor : measured.reactors) sum += get(reactor).value();
  return sum;
}

MetricFamily verdicts(const Measured& measured) {
  MetricFamily family{"latchkey_verdicts_total",
                      "Credentials that were verified, by what came of it",
                      MetricType::Counter,
                      {}};
  const auto add = [&](std::string_view verdict, auto get) {
    family.metric.push_back(counted(total(measured, get), {{"verdict", std::string(verdict)}}));
  };
  add("accepted", [](const api::Counters& c) -> const Counter& { return c.accepted; });
  add("unavailable", [](const api::Counters& c) -> const Counter& { return c.unavailable; });
  for (std::size_t reason = 1; reason <= verify::last_reason; ++reason)
    add(name(static_cast<verify::Reason>(reason)),
        [reason](const api::Counters& c) -> const Counter& { return c.refused[reason]; });
  return family;
}

MetricFamily latencies(const Measured& measured) {
  constexpr double second = 1e-6;
  MetricFamily family{"latchkey_request_seconds",
                      "From a request's head to its answer, by route; of a Git transfer, to its end",
                      MetricType::Histogram,
                      {}};
  const auto& rows = api::routes();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::vector<const api::Latencies*> parts;
    parts.reserve(measured.reactors.size());
    for (const auto& reactor : measured.reactors) parts.push_back(&reactor.latencies[row]);
    std::string path(rows[row].path);
    if (rows[row].method == http::Method::get && !rows[row].git_service.empty())
      path.append("?service=").append(rows[row].git_service);
    if (rows[row].callers == api::Callers::browser) path.append(" (page)");
    family.metric.push_back(histogram<api::latency_bounds>(
        parts, second, {{"method", std::string(api::method_name(rows[row].method))}, {"route", path}}));
  }
  return family;
}

MetricFamily commits(const Measured& measured) {
  const std::array parts{&measured.store.commit_sizes()};
  return {"latchkey_commit_decisions",
          "How many decisions one commit of the database held",
          MetricType::Histogram,
          {histogram<store::commit_size_bounds>(parts, 1)}};
}

}  // namespace

std::string metrics_text(const Measured& measured) {
  const auto index = measured.index.size();
  return prometheus::TextSerializer().Serialize(
      {verdicts(measured), latencies(measured), commits(measured),
       gauge("latchkey_index_secrets", "Secrets that verification knows, live and ended", index.texts),
       gauge("latchkey_index_bytes", "Memory of the index's secrets and their owners", index.bytes),
       gauge("latchkey_pool_waiting", "Jobs that wait for a thread of the pool", measured.pool.waiting()),
       gauge("latchkey_git_processes", "Git operations that run, each with a process of its own",
             measured.git.running()),
       counter("latchkey_uses_lost_total", "Uses of tokens that the ledger had no room for",
               total(measured, [](const api::Counters& c) -> const Counter& { return c.uses.lost(); }))});
}

http::Entry metrics_entry(const Measured& measured) {
  return [measured](const http::Request& request) -> http::Action {
    const auto& head = request.head;
    if (head.path != "/metrics" || (head.method != http::Method::get && head.method != http::Method::head))
      return http::Response{.status = 404,
                            .content_type = "text/plain; charset=utf-8",
                            .fields = {},
                            .body = "This listener has the metrics alone: GET /metrics.\n"};
    try {
      return http::Response{.status = 200,
                            .content_type = "text/plain; version=0.0.4; charset=utf-8",
                            .fields = {},
                            .body = metrics_text(measured)};
    } catch (const std::exception& error) {
      log_error("metrics failed", {{"what", error.what()}});
      return http::Response{.status = 500, .content_type = {}, .fields = {}, .body = {}};
    }
  };
}

}  // namespace latchkey::app
