// The portal as this server hands it out: one page, which is every page, and the files that it is made of.
// Both are whole answers made at start-up, so that a request for one costs no more than its bytes. Const
// calls from any thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "api/assets.hpp"
#include "http/message.hpp"

namespace latchkey::api {

class Portal {
 public:
  // `public_url`: its path, if it has one, stands before every path of the portal.
  Portal(std::string_view public_url, std::span<const Asset> assets);

  // The page under the address of the request, "/…" or "/tfs/…"; 404 where the binary was built without one.
  [[nodiscard]] http::Response page(const http::Request& request) const;
  // To "{base}{path}": "_signin", "halden/_usersSettings/tokens".
  [[nodiscard]] http::Response redirect(const http::Request& request, std::string_view path) const;
  // To the sign-in, which leads back to where the request went.
  [[nodiscard]] http::Response sign_in_first(const http::Request& request) const;

  // A file by its path below "_assets/", in the best encoding that the request takes (RFC 9110, 12.5.3);
  // null: there is none of that name.
  [[nodiscard]] const http::Response* asset(std::string_view path, const http::Request& request) const;

 private:
  enum Encoding : std::uint8_t { plain, gzip, brotli };
  struct Answers {
    std::string etag;
    http::Response unchanged;               // 304
    std::array<http::Response, 3> encoded;  // by Encoding; of status 0 where it isn't kept
  };
  [[nodiscard]] std::string_view base(const http::Request& request) const noexcept;
  [[nodiscard]] static Answers answers_of(const Asset& asset);

  std::string before_;                // the path of the public URL, without a slash at its end
  std::array<std::string, 2> bases_;  // "/", "/tfs/"
  std::array<std::string, 2> pages_;  // under each; empty: none
  std::map<std::string, Answers, std::less<>> assets_;
};

// Whether whoever asks takes HTML, as browsers do that go to a page, and tools don't.
[[nodiscard]] bool takes_html(const http::Head& head) noexcept;

}  // namespace latchkey::api
