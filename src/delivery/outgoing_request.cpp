// SPDX-License-Identifier: Apache-2.0
#include "delivery/outgoing_request.hpp"

#include <curl/curl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <memory>
#include <new>

#include "base/version.hpp"
#include "delivery/checked_sockets.hpp"
#include "delivery/delivery.hpp"

namespace latchkey::delivery {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::int64_t connect_seconds = 10, whole_seconds = 30;
constexpr std::size_t answer_max = std::size_t{64} * 1024, words_max = 1000;

class Request {
 public:
  Request(const authority::Outgoing& outgoing, const std::string& url, bool secure)
      : sockets_(outgoing), curl_(curl_easy_init(), &curl_easy_cleanup) {
    static const auto initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (!curl_ || initialized != CURLE_OK) throw std::bad_alloc();
    if (!secure && !outgoing.allow_http)
      throw Undelivered("the server's own file does not allow http: allow_http in [outgoing]");
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, secure ? "https" : "http");
    set(CURLOPT_PROXY, "");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_CONNECTTIMEOUT, connect_seconds);
    set(CURLOPT_TIMEOUT, whole_seconds);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_ERRORBUFFER, detail_.data());
    sockets_.watch(curl_.get());
  }
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  template <class Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(curl_.get(), option, value) != CURLE_OK) throw std::bad_alloc();
  }
  void perform() { check(curl_easy_perform(curl_.get())); }
  void check(CURLcode code) const {
    if (code == CURLE_OK) return;
    if (const auto refusal = sockets_.refusal(); !refusal.empty()) throw Undelivered(refusal);
    throw Undelivered(detail_.front() != '\0' ? detail_.data() : curl_easy_strerror(code));
  }
  template <class Value>
  Value info(CURLINFO which) const {
    Value value{};
    curl_easy_getinfo(curl_.get(), which, &value);
    return value;
  }
  [[nodiscard]] CURL* handle() const noexcept { return curl_.get(); }

 private:
  CheckedSockets sockets_;  // outlives the handle
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
};

// Of what the receiver says the beginning may be of use; too much of it ends the request.
struct Heard {
  std::size_t bytes = 0;
  std::string words{};
};
std::size_t count(const char*, std::size_t, std::size_t size, void* so_far) {
  auto& heard = *static_cast<Heard*>(so_far);
  heard.bytes += size;
  return heard.bytes > answer_max ? 0 : size;
}
std::size_t hear(const char* bytes, std::size_t one, std::size_t size, void* so_far) {
  auto& words = static_cast<Heard*>(so_far)->words;
  words.append(bytes, std::min(size, words_max - std::min(words.size(), words_max)));
  return count(bytes, one, size, so_far);
}

void wait_for(curl_socket_t socket, short events, Steady::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now()).count();
  pollfd one{.fd = socket, .events = events, .revents = 0};
  if (left <= 0 || poll(&one, 1, static_cast<int>(left)) == 0)
    throw Undelivered("the receiver did not take the events within 30 seconds");
}

}  // namespace

Answered exchange(const authority::Outgoing& outgoing, const std::string& url,
                  const std::vector<std::string>& fields, const Secret& secret_field,
                  const std::string& body) {
  const auto parsed = authority::parse_outgoing_url(url);
  if (!parsed) throw Undelivered("the URL can't be read");
  Request request(outgoing, url, parsed->secure);
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> lines(nullptr, &curl_slist_free_all);
  const auto add = [&](const std::string& line) {
    lines.reset(curl_slist_append(lines.release(), line.c_str()));
    if (!lines) throw std::bad_alloc();
  };
  for (const auto& line : fields) add(line);
  if (!secret_field.empty()) add(std::string(secret_field.reveal()));
  const std::string agent = std::string("latchkey/") + version;
  Heard heard;
  request.set(CURLOPT_HTTPHEADER, lines.get());
  request.set(CURLOPT_USERAGENT, agent.c_str());
  request.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  const char* const bytes = body.data();  // as many as were just told
  request.set(CURLOPT_POSTFIELDS, bytes);
  request.set(CURLOPT_WRITEFUNCTION, hear);
  request.set(CURLOPT_WRITEDATA, static_cast<void*>(&heard));
  request.set(CURLOPT_HEADERFUNCTION, count);
  request.set(CURLOPT_HEADERDATA, static_cast<void*>(&heard));
  request.perform();
  return {.status = request.info<std::int64_t>(CURLINFO_RESPONSE_CODE),
          .words = std::move(heard.words),
          .retry_after =
              std::chrono::seconds(std::max<curl_off_t>(request.info<curl_off_t>(CURLINFO_RETRY_AFTER), 0))};
}

void post(const authority::Outgoing& outgoing, const std::string& url, const std::vector<std::string>& fields,
          const Secret& secret_field, const std::string& body) {
  const auto status = exchange(outgoing, url, fields, secret_field, body).status;
  if (status < 200 || status > 299) throw Undelivered("the receiver answered " + std::to_string(status));
}

void send_over_tls(const authority::Outgoing& outgoing, const std::string& host, const std::string& port,
                   const std::string& ca, std::string_view bytes) {
  const std::string named = host.contains(':') ? "[" + host + "]" : host;
  Request request(outgoing, "https://" + named + ":" + port + "/", true);
  request.set(CURLOPT_CONNECT_ONLY, 1L);
  request.set(CURLOPT_SSL_ENABLE_ALPN, 0L);
  curl_blob pem{.data = const_cast<char*>(ca.data()), .len = ca.size(), .flags = CURL_BLOB_COPY};
  if (!ca.empty()) request.set(CURLOPT_CAINFO_BLOB, &pem);
  request.perform();
  const auto socket = request.info<curl_socket_t>(CURLINFO_ACTIVESOCKET);
  const auto until = Steady::now() + std::chrono::seconds(whole_seconds);
  while (!bytes.empty()) {
    std::size_t sent = 0;
    const auto code = curl_easy_send(request.handle(), bytes.data(), bytes.size(), &sent);
    if (code == CURLE_AGAIN)
      wait_for(socket, POLLOUT, until);
    else
      request.check(code);
    bytes.remove_prefix(sent);
  }
  shutdown(socket, SHUT_WR);
  // On the bare socket: what TLS says at its end counts for nothing, and not all receivers say anything.
  for (std::size_t answered = 0; answered < answer_max;) {
    std::array<char, 4096> ignored;
    const auto got = recv(socket, ignored.data(), ignored.size(), MSG_DONTWAIT);
    if (got == 0) return;
    if (got > 0) {
      answered += static_cast<std::size_t>(got);
      continue;
    }
    if (errno != EAGAIN && errno != EINTR) throw Undelivered("the receiver broke the connection off");
    wait_for(socket, POLLIN, until);
  }
  throw Undelivered("the receiver does not end the connection");
}

}  // namespace latchkey::delivery
