// SPDX-License-Identifier: Apache-2.0
#include "store/schema.hpp"

namespace latchkey::store {
namespace {

// "bytes" stands for the engine's name of that type. user_id and commit_id: `user` and `commit` are words of
// SQL. Statements end with a semicolon at the end of a line, and nowhere else.
constexpr std::string_view first = R"(
create table organizations (
  id bytes primary key, name text not null, name_key text not null unique,
  state text not null check (state in ('open', 'closed')), last_build bigint not null default 0,
  created_at bigint not null, position bigint not null default 0);
create table users (
  id bytes primary key, email text not null, email_key text not null unique, display_name text not null, password text,
  state text not null check (state in ('enabled', 'disabled', 'removed')),
  server_administrator integer not null check (server_administrator in (0, 1)), signed_in_at bigint,
  created_at bigint not null, position bigint not null default 0);
create index users_by_right on users (server_administrator, state);
create table memberships (
  organization bytes not null references organizations (id), user_id bytes not null references users (id),
  role text not null check (role in ('reader', 'contributor', 'administrator')), primary key (organization, user_id));
create index memberships_by_user on memberships (user_id, organization);
create index memberships_by_role on memberships (organization, role);

create table projects (
  id bytes primary key, organization bytes not null references organizations (id), name text not null,
  name_key text not null, description text not null,
  visibility text not null check (visibility in ('private', 'public')),
  state text not null default 'wellFormed' check (state in ('wellFormed')), revision bigint not null,
  created_at bigint not null, updated_at bigint not null, unique (organization, name_key));
create table operations (
  id bytes primary key, creator bytes not null references users (id), kind text not null, created_at bigint not null);
create table repositories (
  id bytes primary key, project bytes not null references projects (id), name text not null, name_key text not null,
  default_branch text, disabled integer not null check (disabled in (0, 1)), size bigint not null,
  created_at bigint not null, unique (project, name_key));
create table builds (
  id bytes primary key, organization bytes not null references organizations (id),
  project bytes not null references projects (id), number bigint not null, build_number text not null,
  definition text not null, status text not null, result text, reason text not null, branch text not null,
  commit_id text not null, requested_by bytes not null references users (id), queued_at bigint not null,
  started_at bigint, finished_at bigint, unique (organization, number));
create index builds_by_project on builds (project, organization, number);

create table tokens (
  id bytes primary key, owner bytes not null references users (id), name text not null, name_key text not null,
  scopes text not null, organization bytes references organizations (id), valid_from bigint not null,
  valid_to bigint not null, state text not null check (state in ('live', 'revoked')), ended_at bigint,
  ended_by bytes references users (id), ended_reason text, made_by text not null, made_address text not null,
  made_agent text not null, description text not null, created_at bigint not null,
  position bigint not null default 0, check ((state = 'live') = (ended_at is null)));
create index tokens_by_name on tokens (owner, name_key, id);
create index tokens_by_end on tokens (owner, valid_to, id);
create index tokens_by_state on tokens (owner, state, valid_to desc, id);
create table secrets (
  id bytes primary key, token bytes not null references tokens (id), digest bytes not null unique,
  fingerprint text not null unique, live_until bigint, created_at bigint not null,
  position bigint not null default 0);
create index secrets_by_token on secrets (token, live_until);
create table sign_ins (
  id bytes primary key, digest bytes not null unique, user_id bytes not null references users (id),
  address text not null, agent text not null, seen_at bigint not null, strong_at bigint not null,
  ends_at bigint not null, created_at bigint not null);
create index sign_ins_by_user on sign_ins (user_id);
create index sign_ins_by_end on sign_ins (ends_at);

create table audit_events (
  position bigint primary key, time bigint not null, actor bytes, organization bytes, action text not null,
  subject text not null, data text not null, address text not null, agent text not null, activity bytes not null,
  correlation bytes not null, previous bytes not null, digest bytes not null);
create table feed (
  id integer primary key check (id = 1), position bigint not null, commits bigint not null);
insert into feed (id, position, commits) values (1, 0, 0);
create table settings (name text primary key, value text not null);
)";

constexpr std::string_view first_passwords = R"(
alter table users add column password_ends_at bigint;
)";

// What tokens were used for, folded from memory. Empty text: none was named; of day 0, whose address, agent
// and repository were thrown away: not known any more.
constexpr std::string_view uses = R"(
alter table tokens add column used_at bigint;
create table uses (
  token bytes not null references tokens (id), day bigint not null, operation text not null, repository text not null,
  address text not null, agent text not null, outcome text not null, count bigint not null check (count > 0),
  first_at bigint not null, last_at bigint not null,
  primary key (token, day, operation, repository, address, agent, outcome));
create index uses_by_day on uses (day, token);
)";

// Links with which a user takes a password of their own: one for each, at most.
constexpr std::string_view invitations = R"(
create table invitations (
  user_id bytes primary key references users (id), digest bytes not null unique, ends_at bigint not null,
  created_at bigint not null);
create index invitations_by_end on invitations (ends_at);
)";

// What the portal asks: which text of a token was used, from where last, which ends were told of, what
// shrinking took, the bell, a token's history. Rows of uses from before have no text. told_valid_to: the end
// that its owner was told of; whatever moves the end so makes it untold.
constexpr std::string_view portal = R"(
alter table tokens add column used_address text;
alter table tokens add column used_agent text;
alter table tokens add column told_valid_to bigint not null default 0;
create index tokens_untold on tokens (valid_to) where state = 'live' and told_valid_to <> valid_to;
create table shrinks (
  token bytes primary key references tokens (id), scopes text not null, undo_until bigint not null,
  created_at bigint not null);
create table notices (
  id bytes primary key, user_id bytes not null references users (id),
  token bytes not null references tokens (id), event bigint references audit_events (position),
  kind text not null check (kind in ('expiresSoon', 'created', 'regenerated', 'widened', 'revokedByOther')),
  valid_to bigint, read_at bigint, created_at bigint not null,
  check ((kind = 'expiresSoon') = (valid_to is not null)), check ((event is null) = (valid_to is not null)));
create index notices_by_user on notices (user_id, created_at, id);
create index notices_unread on notices (user_id) where read_at is null;
create unique index notices_of_ends on notices (token, valid_to) where kind = 'expiresSoon';
create index notices_by_time on notices (created_at);
create index audit_by_subject on audit_events (subject, position);
create table uses_of_texts (
  token bytes not null references tokens (id), day bigint not null, fingerprint text not null,
  operation text not null, repository text not null, address text not null, agent text not null,
  outcome text not null, count bigint not null check (count > 0), first_at bigint not null, last_at bigint not null,
  primary key (token, day, fingerprint, operation, repository, address, agent, outcome));
insert into uses_of_texts (token, day, fingerprint, operation, repository, address, agent, outcome, count, first_at, last_at)
  select token, day, '', operation, repository, address, agent, outcome, count, first_at, last_at from uses;
drop table uses;
alter table uses_of_texts rename to uses;
create index uses_by_day on uses (day, token);
)";

constexpr std::array schema_steps{first, first_passwords, uses, invitations, portal};

}  // namespace

std::span<const std::string_view> schema() noexcept { return schema_steps; }

}  // namespace latchkey::store
