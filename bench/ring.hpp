// io_uring as a client of many sockets needs it: sends without a completion, and receives that stay armed and
// fill buffers which the kernel picks. One thread. Throws std::runtime_error where the kernel has no such
// ring (before 6.1).
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <liburing.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string_view>
#include <vector>

class Ring {
 public:
  Ring() {
    io_uring_params params{};
    params.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
    if (io_uring_queue_init_params(entries, &ring_, &params) != 0)
      throw std::runtime_error("no io_uring here");
    buffers_ = static_cast<io_uring_buf_ring*>(std::aligned_alloc(4096, buffer_count * sizeof(io_uring_buf)));
    if (buffers_ == nullptr) throw std::bad_alloc();
    io_uring_buf_ring_init(buffers_);
    io_uring_buf_reg registration{};
    registration.ring_addr = reinterpret_cast<std::uintptr_t>(buffers_);
    registration.ring_entries = buffer_count;
    if (io_uring_register_buf_ring(&ring_, &registration, 0) != 0)
      throw std::runtime_error("no buffer rings here");
    for (unsigned i = 0; i < buffer_count; ++i) give_back(i);
  }
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring() {
    io_uring_queue_exit(&ring_);
    std::free(buffers_);
  }

  // Whatever arrives is handed to turn()'s caller under this number, until the end of the stream.
  void receive(int socket, std::size_t number) {
    io_uring_sqe* const entry = next_entry();
    io_uring_prep_recv_multishot(entry, socket, nullptr, 0, 0);
    entry->flags |= IOSQE_BUFFER_SELECT;
    entry->user_data = std::uint64_t{number} << 32 | static_cast<std::uint32_t>(socket);
  }

  // All of it; the bytes must live until the other side has answered.
  void send(int socket, std::string_view bytes) {
    io_uring_sqe* const entry = next_entry();
    io_uring_prep_send(entry, socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_WAITALL);
    entry->flags |= IOSQE_CQE_SKIP_SUCCESS;
    entry->user_data = failed_send;
  }

  // Waits for an arrival, no longer than this.
  void rest(std::chrono::microseconds most) {
    __kernel_timespec time{.tv_sec = 0, .tv_nsec = most.count() * 1000};
    io_uring_cqe* arrived = nullptr;
    io_uring_wait_cqe_timeout(&ring_, &arrived, &time);
  }

  // Submits, and calls took(number, bytes) for what has arrived; no bytes: the stream ended. Waits for the
  // first arrival if told to.
  template <typename Took>
  void turn(bool wait, Took took) {
    if (wait)
      io_uring_submit_and_wait(&ring_, 1);
    else
      io_uring_submit_and_get_events(&ring_);
    io_uring_cqe* completion = nullptr;
    unsigned head = 0, seen = 0;
    io_uring_for_each_cqe(&ring_, head, completion) {
      ++seen;
      if (completion->user_data == failed_send) throw std::runtime_error("a send failed");
      const std::size_t number = completion->user_data >> 32;
      const int socket = static_cast<int>(completion->user_data & 0xFFFFFFFF);
      if (completion->res == -ENOBUFS) {
        receive(socket, number);
        continue;
      }
      if (completion->res <= 0) {
        took(number, std::string_view());
        continue;
      }
      const unsigned buffer = completion->flags >> IORING_CQE_BUFFER_SHIFT;
      took(number, std::string_view(&pool_[buffer * buffer_size], static_cast<std::size_t>(completion->res)));
      give_back(buffer);
      if ((completion->flags & IORING_CQE_F_MORE) == 0) receive(socket, number);
    }
    io_uring_cq_advance(&ring_, seen);
  }

 private:
  static constexpr unsigned entries = 2048, buffer_count = 256, buffer_size = 16384;
  static constexpr std::uint64_t failed_send = ~std::uint64_t{0};

  io_uring_sqe* next_entry() {
    if (io_uring_sqe* const entry = io_uring_get_sqe(&ring_)) return entry;
    io_uring_submit(&ring_);
    return io_uring_get_sqe(&ring_);
  }
  void give_back(unsigned buffer) {
    io_uring_buf_ring_add(buffers_, &pool_[buffer * buffer_size], buffer_size,
                          static_cast<unsigned short>(buffer), io_uring_buf_ring_mask(buffer_count), 0);
    io_uring_buf_ring_advance(buffers_, 1);
  }

  io_uring ring_{};
  io_uring_buf_ring* buffers_ = nullptr;
  std::vector<char> pool_ = std::vector<char>(std::size_t{buffer_count} * buffer_size);
};
