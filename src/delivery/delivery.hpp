// delivery/ sends what is there to be sent: the events of the audit, to where streams lead.
//
// Each stream gets its events in order and at least once: how far it has come is written after the receiver
// took a batch, so that whatever a crash interrupts is sent again. A receiver that fails is tried again,
// later each time, and its stream disabled after failures_most in a row; administrators are told. Streams
// don't wait for one another. A batch ends with the chain's head up to there: the position and digest of its
// last event.
//
// Threads: DueWork's. The constructor starts them, the destructor waits for what is being sent, which time
// bounds.
// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <boost/json/object.hpp>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "authority/streams.hpp"
#include "delivery/due_work.hpp"

namespace latchkey::delivery {

// The receiver did not take a batch: one sentence that says why, without a secret.
class Undelivered : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Batch {
  std::string stream;                       // its id
  authority::StreamInputs inputs;           // without the secret
  Secret secret;                            // empty: it has none
  std::string scope;                        // the organization's id, or "server"
  std::vector<boost::json::object> events;  // api::streamed_audit_entry(); never none
  std::vector<Time> times;                  // theirs
  store::AuditHead head;                    // of the last of them
};
// Returns when the receiver has it; throws Undelivered.
using Send = std::function<void(const Batch&, const authority::Outgoing&)>;
void send_to_webhook(const Batch&, const authority::Outgoing&);
void send_to_splunk(const Batch&, const authority::Outgoing&);
void send_to_syslog(const Batch&, const authority::Outgoing&);
void send_to_file(const Batch&, const authority::Outgoing&);
[[nodiscard]] const Send& sender_of(store::Consumer consumer);

// Sends the stream's next batch and writes how far it has come. False: there is nothing more for it now, or
// it failed, or somebody changed it meanwhile.
bool deliver(authority::Authority&, const store::StreamId& id, const Send& send);

class Deliveries {
 public:
  explicit Deliveries(authority::Authority& authority);
  ~Deliveries() = default;
  Deliveries(const Deliveries&) = delete;
  Deliveries& operator=(const Deliveries&) = delete;

 private:
  [[nodiscard]] std::vector<DueWork::Piece> due();

  authority::Authority& authority_;
  DueWork work_;
};

}  // namespace latchkey::delivery
