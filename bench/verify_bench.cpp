// What a verification costs in process: header text → verdict, at 1 and 10 million tokens asked at random,
// beside the least it could cost: SHA-256 of 84 bytes by OpenSSL's low-level calls, and one random probe of
// memory of the index's size, which waits for the one before. Each round asks for the next text only when it
// has the last verdict. The figures to look at are ratios within one run:
//
//   script/build release verify_bench && build/release/bench/verify_bench --benchmark_repetitions=5 \
//     --benchmark_enable_random_interleaving=true --benchmark_report_aggregates_only=true
//
// verify_and_count is verify_one with what the ledger and the metrics add: what a reactor counts of each
// verdict. Of 1,000 tokens, as over HTTP: a reactor's table is handed over every few seconds.
//
// One owner has ten tokens. Bytes are what the process grew by, all told.
// SPDX-License-Identifier: Apache-2.0
#define OPENSSL_SUPPRESS_DEPRECATED
#include <benchmark/benchmark.h>
#include <openssl/sha.h>
#include <sys/mman.h>

#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "authority/use_counts.hpp"
#include "base/check.hpp"
#include "base/counters.hpp"
#include "verify/verify.hpp"

namespace latchkey::verify {
namespace {

constexpr Time now = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);
constexpr std::string_view scheme = "Bearer ";
constexpr std::size_t header_size = scheme.size() + token::text_size;
constexpr std::size_t tokens_of_owner = 10;
constexpr std::size_t slot_size = 32;

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0;
  statm >> pages >> pages;
  return pages * 4096;
}

// An index with so many tokens, all live, and their headers: in an order that has nothing to do with where
// the tokens lie.
struct Filled {
  explicit Filled(std::size_t tokens) : headers(tokens * header_size, ' ') {
    const std::vector<Digest> digests = issue(tokens);
    std::vector<Change> batch = {OrganizationEntry{organization, "halden", true}};
    const auto flush = [&] {
      index.writer().apply(batch);
      batch.clear();
    };
    const std::size_t before = resident_bytes();
    index.writer().reserve(tokens);
    UserId owner;
    constexpr std::string_view scopes[] = {"vso.code_write", "vso.code", "vso.build_execute vso.code",
                                           "vso.packaging"};
    for (std::size_t i = 0; i < tokens; ++i) {
      if (i % tokens_of_owner == 0) {
        owner = UserId::random();
        batch.emplace_back(OwnerEntry{owner, true, {{organization, Role::contributor}}});
      }
      batch.emplace_back(SecretEntry{.digest = digests[i],
                                     .state = TokenState::live,
                                     .deadline = now + std::chrono::days(30),
                                     .owner = owner,
                                     .organization = organization,
                                     .scopes = token::kept_scopes(scopes[i % std::size(scopes)])});
      if (batch.size() >= 1000) flush();
    }
    flush();
    index.writer().trust();
    bytes_a_token = static_cast<double>(resident_bytes() - before) / static_cast<double>(tokens);
  }

  std::vector<Digest> issue(std::size_t tokens) {
    std::vector<Digest> digests(tokens);
    for (std::size_t i = 0; i < tokens; ++i) {
      const auto issued = token::issue(now);
      char* const header = &headers[i * header_size];
      std::ranges::copy(scheme, header);
      std::ranges::copy(issued.text.reveal(), header + scheme.size());
      digests[i] = issued.digest;
    }
    return digests;
  }
  [[nodiscard]] std::string_view header(std::size_t i) const {
    return std::string_view(headers).substr(i * header_size, header_size);
  }

  const OrganizationId organization = OrganizationId::random();
  Index index{1};
  std::string headers;
  double bytes_a_token = 0;
};

const Filled& filled(std::size_t tokens) {
  static std::map<std::size_t, std::unique_ptr<Filled>> all;
  auto& one = all[tokens];
  if (!one) one = std::make_unique<Filled>(tokens);
  return *one;
}
Index::Reader reader_of(const Filled& one) { return const_cast<Index&>(one.index).reader(0); }

constexpr Demand demand{.organization_key = "halden"};

void verify_one(benchmark::State& state) {
  const auto tokens = static_cast<std::size_t>(state.range(0));
  const Filled& all = filled(tokens);
  auto reader = reader_of(all);
  std::size_t at = 0;
  for (auto _ : state) {
    Credential credential;
    credential.read(all.header(at), true);
    const Verdict verdict = verify(credential, reader.pin(), now, demand);
    LATCHKEY_ASSERT(std::holds_alternative<Principal>(verdict));
    at += verdict.index() + 1;  // 1, once the verdict is there
    if (at >= tokens) at = 0;
  }
  state.counters["bytes/token"] = all.bytes_a_token;
}

// As many are asked about at once (api::Verifier::inquire): all of a part are read, and their slots fetched,
// before the first is looked up. The time is one credential's.
void verify_in_batch(benchmark::State& state) {
  const auto tokens = static_cast<std::size_t>(state.range(0));
  const Filled& all = filled(tokens);
  auto reader = reader_of(all);
  std::array<std::expected<Hashed, Reason>, 16> part;
  std::size_t at = 0;
  while (state.KeepRunningBatch(part.size())) {
    const Pin pin = reader.pin();
    if (at + part.size() > tokens) at = 0;
    for (auto& one : part) {
      one = hashed(all.header(at++).substr(scheme.size()));
      if (one) pin.prefetch(one->digest);
    }
    for (const auto& one : part) {
      const Verdict verdict = verify(one, pin, now, demand);
      LATCHKEY_ASSERT(std::holds_alternative<Principal>(verdict));
    }
  }
}

void verify_and_count(benchmark::State& state) {
  const auto tokens = static_cast<std::size_t>(state.range(0));
  const Filled& all = filled(tokens);
  auto reader = reader_of(all);
  authority::UseCounts uses;
  Counter accepted;
  std::size_t at = 0;
  for (auto _ : state) {
    Credential credential;
    credential.read(all.header(at), true);
    const Verdict verdict = verify(credential, reader.pin(), now, demand);
    const auto* const principal = std::get_if<Principal>(&verdict);
    LATCHKEY_ASSERT(principal != nullptr);
    accepted.add();
    uses.add({.fingerprint = principal->fingerprint,
              .outcome = "accepted",
              .operation = "vso.code",
              .address = "127.0.0.1",
              .agent = "git/2.39.5",
              .organization = principal->organization},
             now);
    at += verdict.index() + 1;
    if (at >= tokens) at = 0;
  }
  LATCHKEY_ASSERT(uses.lost().value() == 0);
}

// Memory as large as the index's slots, at four fifths full, in huge pages where they are to be had.
struct Plain {
  explicit Plain(std::size_t tokens) : slots(tokens / 4 * 5) {
    const std::size_t bytes = slots * slot_size;
    void* const mapping = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    LATCHKEY_ASSERT(mapping != MAP_FAILED);
    ::madvise(mapping, bytes, MADV_HUGEPAGE);
    std::memset(mapping, 1, bytes);
    memory = static_cast<const unsigned char*>(mapping);
  }
  std::size_t slots;
  const unsigned char* memory;
};

void floor_of_one(benchmark::State& state) {
  const auto tokens = static_cast<std::size_t>(state.range(0));
  const Filled& all = filled(tokens);
  static std::map<std::size_t, Plain> plains;
  const Plain& plain = plains.try_emplace(tokens, tokens).first->second;
  std::size_t at = 0;
  for (auto _ : state) {
    const std::string_view text = all.header(at).substr(scheme.size());
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, text.data(), text.size());
    SHA256_Final(digest.data(), &context);
    std::uint64_t word = 0;
    std::memcpy(&word, digest.data(), sizeof word);
    at += plain.memory[(word >> 32) * plain.slots / (std::uint64_t{1} << 32) * slot_size];
    if (at >= tokens) at = 0;
  }
}

void verify_garbage(benchmark::State& state) {
  const auto tokens = static_cast<std::size_t>(state.range(0));
  const Filled& all = filled(tokens);
  auto reader = reader_of(all);
  std::string header(all.header(0));
  header.back() = header.back() == 'A' ? 'B' : 'A';
  for (auto _ : state) {
    Credential credential;
    credential.read(header, true);
    const Verdict verdict = verify(credential, reader.pin(), now, demand);
    LATCHKEY_ASSERT(std::get<Refused>(verdict).reason == Reason::bad_checksum);
  }
}

BENCHMARK(floor_of_one)->Arg(1'000'000)->Arg(10'000'000);
BENCHMARK(verify_one)->Arg(1'000)->Arg(1'000'000)->Arg(10'000'000);
BENCHMARK(verify_in_batch)->Arg(1'000'000)->Arg(10'000'000);
BENCHMARK(verify_and_count)->Arg(1'000);
BENCHMARK(verify_garbage)->Arg(1'000'000);

}  // namespace
}  // namespace latchkey::verify

BENCHMARK_MAIN();
