// Whatever bytes come on a connection, in whatever pieces: it answers, and ends when the client does; what it
// answers does not depend on where the bytes were cut. The first four bytes are the sizes of the pieces, in
// turn. A real reactor, driven step by step on this thread; each connection is a socket of this process.
// SPDX-License-Identifier: Apache-2.0
#include "http/reactor.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "base/check.hpp"

using namespace latchkey;

namespace {

// What a request was, to be compared. One with a body is never answered before all of it is there: that
// closes the connection if some of it is still on its way.
http::Action describe(const http::Request& request) {
  std::string seen(request.head.method_text);
  seen.append(" ").append(request.head.target).append(" ").append(request.head.host);
  for (std::size_t i = 0; i < request.head.field_count; ++i)
    seen.append("\n").append(request.head.fields[i].name).append(": ").append(request.head.fields[i].value);
  if (!request.head.has_body())
    return http::Response{.content_type = "text/plain", .fields = {}, .body = seen};
  return http::Work{.body_max = 1024, .on_reactor = true, .run = [seen](const http::Request& whole) {
                      return http::Response{.content_type = "text/plain",
                                            .fields = {},
                                            .body = seen + "\n" + std::string(whole.body)};
                    }};
}

class Engine {
 public:
  Engine() : name_(address()), reactor_(options_, pool_, nullptr, describe, listener()) {
    reactor_.post([this] { reactor_.context().stop(); });
    reactor_.run();  // begins to watch
    reactor_.context().restart();
  }

  // All that comes back for `bytes` in pieces of these sizes, without what differs between any two answers.
  std::string answers(std::string_view bytes, std::string_view sizes) {
    const Descriptor client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    LATCHKEY_ASSERT(::connect(client.get(), reinterpret_cast<const sockaddr*>(&name_), sizeof name_) == 0);
    std::string got;
    for (std::size_t i = 0; !bytes.empty(); ++i) {
      const std::size_t most =
          sizes.empty() ? bytes.size() : 1U + static_cast<unsigned char>(sizes[i % sizes.size()]);
      const auto sent =
          ::send(client.get(), bytes.data(), std::min(most, bytes.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
      LATCHKEY_ASSERT(sent > 0);
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      receive(client.get(), got);
    }
    ::shutdown(client.get(), SHUT_WR);
    for (int i = 0; !receive(client.get(), got); ++i) LATCHKEY_ASSERT(i < 1000);
    reactor_.context().poll();
    return without_ids(got);
  }

 private:
  static sockaddr_un address() {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    const std::string text = "latchkey-fuzz-" + std::to_string(::getpid());  // after a NUL: no file
    std::ranges::copy(text, name.sun_path + 1);
    return name;
  }
  Descriptor listener() const {
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    LATCHKEY_ASSERT(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name_), sizeof name_) == 0);
    LATCHKEY_ASSERT(::listen(socket.get(), 8) == 0);
    return socket;
  }
  // True: the server has closed.
  bool receive(int client, std::string& got) {
    reactor_.context().poll();
    char bytes[16384];
    for (;;) {
      const auto count = ::recv(client, bytes, sizeof bytes, MSG_DONTWAIT);
      if (count == 0) return true;
      if (count < 0) {
        LATCHKEY_ASSERT(errno == EAGAIN);
        return false;
      }
      got.append(bytes, static_cast<std::size_t>(count));
    }
  }
  static std::string without_ids(std::string_view text) {
    std::string kept;
    while (!text.empty()) {
      const auto line = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
      text.remove_prefix(line.size());
      if (!line.starts_with("Date: ") && !line.starts_with("ActivityId: ")) kept += line;
    }
    return kept;
  }

  http::ServerOptions options_;
  Pool pool_{1, 1};
  sockaddr_un name_;
  http::Reactor reactor_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Engine engine;
  if (size < 4) return 0;
  const std::string_view sizes(reinterpret_cast<const char*>(data), 4);
  // A head that is not whole is looked at again when a line ends: only then are all refused alike.
  const std::string bytes = std::string(reinterpret_cast<const char*>(data) + 4, size - 4) + "\n";
  const auto whole = engine.answers(bytes, {});
  LATCHKEY_ASSERT(whole.empty() || whole.starts_with("HTTP/1.1 "));
  LATCHKEY_ASSERT(engine.answers(bytes, sizes) == whole);
  return 0;
}
