// A file of JSON lines in the directory that the server's own file allows: {scope}-{name}, so that no
// organization writes another's. Synced before a batch counts as delivered; half a line, which a crash may
// leave, is cut off before the next.
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <system_error>

#include "base/process.hpp"
#include "delivery/delivery.hpp"

namespace latchkey::delivery {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path) {
  throw Undelivered("can't write " + path.string() + ": " + std::generic_category().message(errno));
}

// Where the last whole line ends.
off_t whole_lines(int file, off_t size) {
  std::array<char, 4096> block;
  while (size > 0) {
    const auto from = std::max<off_t>(size - off_t{block.size()}, 0);
    const auto got = pread(file, block.data(), static_cast<std::size_t>(size - from), from);
    if (got != size - from) return -1;
    const std::string_view text(block.data(), static_cast<std::size_t>(got));
    if (const auto end = text.rfind('\n'); end != std::string_view::npos)
      return from + static_cast<off_t>(end) + 1;
    size = from;
  }
  return 0;
}

}  // namespace

void send_to_file(const Batch& batch, const authority::Outgoing& outgoing) {
  if (outgoing.stream_directory.empty())
    throw Undelivered("the server's own file names no stream_directory in [outgoing]");
  const auto path = outgoing.stream_directory / (batch.scope + "-" + batch.inputs.at("File"));
  const Descriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  struct stat state{};
  if (file.get() < 0 || fstat(file.get(), &state) != 0 || !S_ISREG(state.st_mode)) fail(path);
  off_t end = whole_lines(file.get(), state.st_size);
  if (end < 0 || ftruncate(file.get(), end) != 0) fail(path);
  std::string lines;
  for (const auto& event : batch.events) lines += boost::json::serialize(event) + '\n';
  for (std::string_view rest = lines; !rest.empty();) {
    const auto written = pwrite(file.get(), rest.data(), rest.size(), end);
    if (written < 0 && errno != EINTR) fail(path);
    if (written < 0) continue;
    rest.remove_prefix(static_cast<std::size_t>(written));
    end += written;
  }
  if (fsync(file.get()) != 0) fail(path);
}

}  // namespace latchkey::delivery
