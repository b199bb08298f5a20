// Goal: sign-ins read back as they were written, and end one by one, by user, and by time.
// Method: each function against a real store.
// SPDX-License-Identifier: Apache-2.0
#include "store/sign_ins.hpp"

#include "store/store_fixture.hpp"

namespace latchkey::store {
namespace {

class SignIns : public StoreFixture {
 protected:
  SignIn a_sign_in(const UserId& user, Time ends_at = now + 7 * day) {
    SignIn row;
    row.id = SignInId::random();
    row.digest = Digest::of(row.id.text());
    row.user = user;
    row.address = "192.0.2.1";
    row.agent = "curl/7.88";
    row.seen_at = row.strong_at = row.created_at = now;
    row.ends_at = ends_at;
    act([&](Transaction& t) { insert_sign_in(t, row); });
    return row;
  }
  std::optional<SignIn> find(const SignIn& sign_in) {
    return look([&](Transaction& t) { return find_sign_in(t, sign_in.digest); });
  }
  User ada = a_user();
};

TEST_F(SignIns, read_back_as_they_were_written) {
  const SignIn written = a_sign_in(ada.id);
  act([&](Transaction& t) { see_sign_in(t, written.id, now + day); });
  const auto found = find(written);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, written.id);
  EXPECT_EQ(found->user, ada.id);
  EXPECT_EQ(found->address, "192.0.2.1");
  EXPECT_EQ(found->agent, "curl/7.88");
  EXPECT_EQ(found->seen_at, now + day);
  EXPECT_EQ(found->strong_at, now);
  EXPECT_EQ(found->ends_at, now + 7 * day);
  EXPECT_EQ(found->created_at, now);
}

TEST_F(SignIns, end_alone_with_their_user_and_with_time) {
  const User bob = a_user("bob@example.org");
  const SignIn one = a_sign_in(ada.id), two = a_sign_in(ada.id), old = a_sign_in(bob.id, now),
               kept = a_sign_in(bob.id);
  act([&](Transaction& t) { delete_sign_in(t, one.id); });
  EXPECT_FALSE(find(one));
  EXPECT_TRUE(find(two));
  act([&](Transaction& t) { delete_sign_ins_of(t, ada.id); });
  EXPECT_FALSE(find(two));
  act([&](Transaction& t) { delete_sign_ins_ended_before(t, now + day); });
  EXPECT_FALSE(find(old));
  EXPECT_TRUE(find(kept));
}

}  // namespace
}  // namespace latchkey::store
