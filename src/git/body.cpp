// SPDX-License-Identifier: Apache-2.0
#include "git/body.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <new>

namespace latchkey::git {
namespace {

constexpr std::size_t length_digits = 4;

}  // namespace

bool Commands::begin_line() {
  constexpr unsigned line_max = 65520;  // Git's own bound
  unsigned length = 0;
  const auto [end, error] = std::from_chars(length_.data(), length_.data() + length_.size(), length, 16);
  if (error != std::errc{} || end != length_.data() + length_.size()) return false;
  length_.clear();
  if (length == 0) {
    ended_ = true;
    return true;
  }
  if (length < length_digits || length > line_max) return false;
  left_ = length - length_digits;
  return true;
}

void Commands::end_line() {
  // "old new ref NUL capabilities": in the first command alone.
  if (const auto nul = line_.find('\0'); nul != line_.npos) {
    capabilities_seen_ = true;
    side_band_ = line_.find("side-band-64k", nul) != line_.npos;
  }
  line_.clear();
}

bool Commands::feed(std::string_view bytes) {
  while (!bytes.empty() && !ended_) {
    if (left_ == 0) {
      const auto digits = bytes.substr(0, length_digits - length_.size());
      length_ += digits;
      bytes.remove_prefix(digits.size());
      if (length_.size() == length_digits && !begin_line()) return false;
      continue;
    }
    const auto text = bytes.substr(0, left_);
    if (!capabilities_seen_) line_ += text;
    bytes.remove_prefix(text.size());
    left_ -= text.size();
    if (left_ == 0) end_line();
  }
  return true;
}

struct Inflater::Stream : z_stream {};

void Inflater::Closer::operator()(Stream* stream) const noexcept {
  ::inflateEnd(stream);
  delete stream;
}

Inflater::Inflater() : stream_(new Stream{}) {
  constexpr int gzip_only = 15 + 16;
  if (::inflateInit2(stream_.get(), gzip_only) != Z_OK) throw std::bad_alloc();
}

bool Inflater::feed(std::string_view bytes, std::string& into, std::size_t size_max) {
  std::array<char, 65536> buffer;
  stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream_->avail_in = static_cast<uInt>(bytes.size());
  do {
    if (ended_) return stream_->avail_in == 0;
    stream_->next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream_->avail_out = buffer.size();
    const int result = ::inflate(stream_.get(), Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return false;
    ended_ = result == Z_STREAM_END;
    into.append(buffer.data(), buffer.size() - stream_->avail_out);
  } while ((stream_->avail_in > 0 || stream_->avail_out == 0) && into.size() <= size_max);
  return true;
}

Body::Body(Service service, bool gzip, std::uint64_t pack_max)
    : service_(service),
      left_(service == Service::upload_pack ? lines_max : lines_max + pack_max),
      inflater_(gzip ? std::make_unique<Inflater>() : nullptr) {}

std::expected<std::string_view, BodyFault> Body::feed(std::string_view bytes) {
  if (inflater_) {
    inflated_.clear();
    if (!inflater_->feed(bytes, inflated_, left_)) return std::unexpected(BodyFault::malformed);
    bytes = inflated_;
  }
  if (bytes.size() > left_) return std::unexpected(BodyFault::too_large);
  left_ -= bytes.size();
  if (service_ == Service::receive_pack && !commands_.ended()) {
    if (!commands_.feed(bytes)) return std::unexpected(BodyFault::malformed);
    if (!commands_.ended() && bytes.size() > commands_left_) return std::unexpected(BodyFault::too_large);
    commands_left_ -= std::min(bytes.size(), commands_left_);
  }
  return bytes;
}

bool Body::whole() const noexcept {
  if (inflater_) return inflater_->ended();
  return service_ == Service::upload_pack || commands_.ended();
}

}  // namespace latchkey::git
