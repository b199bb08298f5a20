// The portal's files, as the build left them in this binary (cmake/embed_assets.py), each in three encodings.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string_view>

namespace latchkey::api {

struct Asset {
  std::string_view name;  // "index.html", "_assets/main-4f2a9c.js"
  std::string_view content_type, etag;
  std::string_view plain, brotli, gzip;  // a compressed one is empty where it would not be smaller
};

// By name. Empty where web/dist was not there when this was built.
[[nodiscard]] std::span<const Asset> embedded_assets() noexcept;

}  // namespace latchkey::api
