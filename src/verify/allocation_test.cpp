// Goal: between the header and the verdict nothing is allocated, by nobody. Method: the sanitizer's hook
// counts every malloc() of this thread; builds without one skip it.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "base/encoding.hpp"
#include "verify/world_test.hpp"

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#include <sanitizer/allocator_interface.h>
#define LATCHKEY_COUNTS_ALLOCATIONS 1
#endif

namespace latchkey::verify {
namespace {

[[maybe_unused]] thread_local int allocations = 0;

TEST(Allocation, none_between_header_and_verdict) {
#ifndef LATCHKEY_COUNTS_ALLOCATIONS
  GTEST_SKIP() << "needs the debug or tsan preset";
#else
  const auto count = [](const volatile void*, std::size_t) { ++allocations; };
  ASSERT_GT(__sanitizer_install_malloc_and_free_hooks(count, [](const volatile void*) {}), 0);
  allocations = 0;
  std::string(100, 'x').shrink_to_fit();
  ASSERT_GT(allocations, 0);  // the hook works

  World world;
  world.apply();
  world.writer.trust();
  const std::string text(world.issued.text.reveal());
  const std::string headers[] = {"Bearer " + text, "Basic " + base64("alice:" + text),
                                 "Basic " + base64(std::string(4096, 'u') + ":" + text), "Bearer x",
                                 "Bearer " + std::string(token::issue(World::now).text.reveal())};
  const Demand demands[] = {{},
                            {.organization_key = "halden", .scope = token::find_scope("vso.code")},
                            {.organization_key = "an organization that has a long name and is not there"}};
  int accepted = 0;
  for (const auto state : {TokenState::live, TokenState::revoked}) {
    world.secret.state = state;
    world.apply();
    allocations = 0;
    for (const auto& header : headers) {
      for (const auto& demand : demands) {
        Credential credential;
        credential.read(header, true);
        const auto verdict = verify(credential, world.reader.pin(), World::now, demand);
        accepted += std::holds_alternative<Principal>(verdict);
      }
    }
    EXPECT_EQ(allocations, 0);
  }
  EXPECT_EQ(accepted, 6);
#endif
}

}  // namespace
}  // namespace latchkey::verify
