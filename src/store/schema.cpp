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

// Groups of users (organization null: the server's), and what users and groups may: roles on projects, routes
// that need full access otherwise. A grantee is no foreign key: what names a group outlives it, and is shown
// as broken. Agent pools, queues and agents: their numbers, which the wire calls ids, are the organization's.
constexpr std::string_view governance = R"(
create table groups (
  id bytes primary key, organization bytes references organizations (id), name text not null, name_key text not null,
  description text not null, created_at bigint not null);
create unique index groups_by_name on groups (organization, name_key);
create unique index groups_of_server on groups (name_key) where organization is null;
create table group_members (
  group_id bytes not null references groups (id), user_id bytes not null references users (id),
  primary key (group_id, user_id));
create index group_members_by_user on group_members (user_id, group_id);
create table project_roles (
  project bytes not null references projects (id), kind text not null check (kind in ('user', 'group')),
  grantee bytes not null, role text not null check (role in ('reader', 'contributor', 'administrator')),
  primary key (project, grantee));
create index project_roles_by_grantee on project_roles (grantee, project);
create table allowed_routes (
  organization bytes not null references organizations (id), route text not null,
  kind text not null check (kind in ('user', 'group')), grantee bytes not null,
  primary key (organization, route, grantee));
alter table organizations add column last_agent_number bigint not null default 0;
create table agent_pools (
  organization bytes not null references organizations (id), number bigint not null, name text not null,
  name_key text not null, auto_provision integer not null check (auto_provision in (0, 1)),
  auto_update integer not null check (auto_update in (0, 1)), created_by bytes not null references users (id),
  created_at bigint not null, primary key (organization, number), unique (organization, name_key));
create table agent_queues (
  organization bytes not null, number bigint not null, project bytes not null references projects (id),
  pool bigint not null, name text not null, name_key text not null, primary key (organization, number),
  unique (project, name_key), foreign key (organization, pool) references agent_pools (organization, number));
create index agent_queues_by_pool on agent_queues (organization, pool);
create table agents (
  organization bytes not null, pool bigint not null, number bigint not null, name text not null,
  name_key text not null, version text not null, os_description text not null,
  enabled integer not null check (enabled in (0, 1)), status text not null check (status in ('offline', 'online')),
  max_parallelism bigint not null, created_at bigint not null, status_changed_at bigint not null,
  primary key (organization, pool, number), unique (organization, pool, name_key),
  foreign key (organization, pool) references agent_pools (organization, number));
)";

// Administration of everybody's tokens. Tokens are of few kinds (how they were made, whether they were ever
// used, scopes): the inventory goes through an index kind by kind. ever_used: a column, so that only a first
// use moves its row in them. Jobs revoke what is wanted (JSON; how
// tokens are to be ended: ended_reason), or the tokens that are named.
constexpr std::string_view administration = R"(
alter table tokens add column ever_used integer not null default 0 check (ever_used in (0, 1));
update tokens set ever_used = 1 where used_at is not null;
create index tokens_of_kind_by_end on tokens
  (organization, state, made_by, ever_used, scopes, valid_to, id, owner);
create index tokens_of_kind_by_start on tokens
  (organization, state, made_by, ever_used, scopes, created_at, id, owner, valid_to);
create index tokens_named on tokens (name_key, id);
create table revocation_jobs (
  id bytes primary key, organization bytes references organizations (id),
  created_by bytes not null references users (id), address text not null, agent text not null,
  activity bytes not null, wanted text, reason text not null, ended_reason text not null,
  state text not null check (state in ('running', 'done', 'failed')), total bigint not null, done bigint not null,
  created_at bigint not null, finished_at bigint, check ((state = 'running') = (finished_at is null)));
create index revocation_jobs_by_time on revocation_jobs (organization, created_at, id);
create index revocation_jobs_running on revocation_jobs (created_at) where state = 'running';
create table revocation_job_tokens (
  job bytes not null references revocation_jobs (id), token bytes not null references tokens (id),
  primary key (job, token));
create table bans (
  organization bytes not null references organizations (id), token bytes not null references tokens (id),
  created_by bytes not null references users (id), created_at bigint not null, primary key (organization, token));
create index bans_by_token on bans (token);
)";

// The audit by time, where retention cut it, how far its chain was found unbroken (store/audit_check.hpp),
// and the streams that events are sent to. secret: sealed (base/sealer.hpp); resume: where a stream goes back
// to after a failure; position: what it was sent up to. Notices may be of streams, which are of no token.
constexpr std::string_view audit = R"(
create index audit_by_organization on audit_events (organization, time, position);
create index audit_by_time on audit_events (time, position);
create index audit_refusals on audit_events (time, organization)
  where action in ('Session.SignInFailed', 'Session.SignInsFailed');
create table audit_check (
  id integer primary key check (id = 1), position bigint not null, digest bytes not null,
  stopped integer not null check (stopped in (0, 1)), whole bigint not null, whole_digest bytes not null,
  whole_at bigint, broken bigint);
create table audit_boundary (
  id integer primary key check (id = 1), position bigint not null, digest bytes not null);
create table audit_streams (
  id bytes primary key, organization bytes references organizations (id),
  consumer text not null check (consumer in ('WebHook', 'Splunk', 'Syslog', 'File')), name text not null,
  inputs text not null, secret text not null,
  state text not null check (state in ('enabled', 'disabledByUser', 'disabledBySystem')), reason text not null,
  position bigint not null, resume bigint not null, backfill_until bigint not null, delivered_at bigint,
  failures bigint not null, last_error text not null, next_attempt_at bigint not null, created_at bigint not null,
  updated_at bigint not null);
create index audit_streams_by_organization on audit_streams (organization);
create index audit_streams_due on audit_streams (next_attempt_at) where state = 'enabled';
create table told_notices (
  id bytes primary key, user_id bytes not null references users (id),
  token bytes references tokens (id), event bigint references audit_events (position),
  kind text not null check (kind in ('expiresSoon', 'created', 'regenerated', 'widened', 'revokedByOther',
    'policyWarning', 'revokedByPolicy', 'streamDisabled')),
  valid_to bigint, read_at bigint, created_at bigint not null,
  check ((kind = 'expiresSoon') = (valid_to is not null)), check ((event is null) = (valid_to is not null)),
  check ((token is null) = (kind = 'streamDisabled')));
insert into told_notices (id, user_id, token, event, kind, valid_to, read_at, created_at)
  select id, user_id, token, event, kind, valid_to, read_at, created_at from notices;
drop table notices;
alter table told_notices rename to notices;
create index notices_by_user on notices (user_id, created_at, id, read_at);
create unique index notices_of_ends on notices (token, valid_to) where kind = 'expiresSoon';
create index notices_by_time on notices (created_at);
create index notices_by_event on notices (event) where event is not null;
)";

// What is ruled about tokens. place: the organization's id as text, or 'server'. warn_done, revoke_done:
// whether that stage was carried out. awake_at: the day, roughly, on which a token was made,
// used or woken last; used_at is exact. resting_since: a policy about idle tokens refuses it.
constexpr std::string_view policies = R"(
create table policies (
  name text not null, place text not null, organization bytes references organizations (id), value text not null,
  report_from bigint, warn_from bigint, refuse_from bigint, revoke_from bigint, exceptions text not null,
  changed_at bigint not null, changed_by bytes not null references users (id), event bigint not null,
  warn_done integer not null default 0 check (warn_done in (0, 1)),
  revoke_done integer not null default 0 check (revoke_done in (0, 1)), primary key (place, name));
create index policies_by_name on policies (name);
create index policies_to_warn on policies (warn_from) where warn_done = 0;
create index policies_to_revoke on policies (revoke_from) where revoke_done = 0;
alter table tokens add column resting_since bigint;
alter table tokens add column awake_at bigint not null default 0;
update tokens set awake_at = case when used_at > valid_from then used_at else valid_from end;
create index tokens_idle on tokens (organization, awake_at) where state = 'live' and resting_since is null;
create index tokens_resting on tokens (organization, resting_since) where resting_since is not null;
drop index tokens_by_state;
create index tokens_by_state on tokens (owner, state, valid_to desc, id, organization);
create index tokens_resting_of on tokens (owner) where resting_since is not null;
alter table secrets drop column position;
drop index memberships_by_user;
create index memberships_by_user on memberships (user_id, organization, role);
create unique index notices_of_warnings on notices (token, event) where kind = 'policyWarning';
)";

// When owners are to hear of ends (store/ends.hpp), and notices of more kinds: several tokens that one job
// revoked are one notice. valid_to: the instant that a notice tells of. address, agent: of a notice's own,
// where no event has them. What was said of an end holds while the token is live and ends then. rest_told_at:
// when its owner heard that it will rest. token_networks: from where a token was used, the first few.
constexpr std::string_view ends = R"(
create table ends_to_tell (
  due_at bigint not null, owner bytes not null, token bytes not null, valid_to bigint not null,
  primary key (due_at, owner, token));
insert into ends_to_tell (due_at, owner, token, valid_to)
  select valid_to - case when told_valid_to = valid_to then 0 else 604800000000 end, owner, id, valid_to
  from tokens where state = 'live' order by valid_to, owner, id;
drop index tokens_untold;
alter table tokens drop column told_valid_to;
create table notices_of_more (
  id bytes primary key, user_id bytes not null references users (id),
  token bytes references tokens (id), event bigint references audit_events (position),
  kind text not null check (kind in ('expiresSoon', 'expired', 'restsSoon', 'newNetwork', 'weeklyDigest', 'created', 'regenerated',
    'widened', 'revokedByOther', 'policyWarning', 'revokedByPolicy', 'streamDisabled')),
  count bigint not null default 1 check (count > 0), valid_to bigint, address text, agent text, read_at bigint,
  created_at bigint not null,
  check ((kind in ('expiresSoon', 'expired', 'restsSoon')) = (valid_to is not null)),
  check ((kind = 'newNetwork') = (address is not null)), check ((address is null) = (agent is null)),
  check ((kind in ('expiresSoon', 'expired', 'restsSoon', 'newNetwork', 'weeklyDigest')) = (event is null)),
  check ((token is null) = (kind in ('streamDisabled', 'weeklyDigest'))));
insert into notices_of_more (id, user_id, token, event, kind, valid_to, read_at, created_at)
  select id, user_id, token, event, kind, valid_to, read_at, created_at from notices;
drop table notices;
alter table notices_of_more rename to notices;
create index notices_by_user on notices (user_id, created_at, id, read_at);
create index notices_by_time on notices (created_at);
create index notices_by_event on notices (event) where event is not null;
create unique index notices_of_warnings on notices (token, event) where kind = 'policyWarning';
create unique index notices_of_revocations on notices (user_id, event) where kind = 'revokedByOther';
alter table tokens add column rest_told_at bigint;
create table token_networks (
  token bytes not null references tokens (id), network text not null, first_at bigint not null,
  primary key (token, network));
create table notice_choices (
  user_id bytes primary key references users (id), unwanted text not null,
  weekly_digest integer not null check (weekly_digest in (0, 1)), digest_at bigint not null default 0);
create table calendar_links (
  user_id bytes primary key references users (id), digest bytes not null unique, created_at bigint not null);
alter table revocation_jobs add column event bigint;
update revocation_jobs set event = (select max(position) from audit_events where action = 'Token.RevocationStart'
  and time = revocation_jobs.created_at and actor = revocation_jobs.created_by) where state = 'running';
)";

// What is still to be sent (store/outbox.hpp). A notice's text lies nowhere: it is made when it is sent.
constexpr std::string_view outbox = R"(
create table outbox (
  notice bytes not null references notices (id) on delete cascade, channel bigint not null check (channel between 1 and 3),
  state text not null check (state in ('queued', 'undeliverable')), attempts bigint not null, next_at bigint not null,
  last_error text not null, created_at bigint not null, primary key (notice, channel));
create index outbox_queued on outbox (channel, next_at, notice) where state = 'queued';
create index outbox_undeliverable on outbox (channel, created_at, notice) where state = 'undeliverable';
)";

// Notices anew, without `in` in their checks: of more than two values the engine builds a table, for each row
// that is written. The outbox goes aside meanwhile: its rows would fall with the notices. Its organization:
// whose webhook a row is for; of mail none, which is empty.
constexpr std::string_view quick_notices = R"(
create table outbox_aside as
  select notice, channel, state, attempts, next_at, last_error, created_at from outbox;
drop table outbox;
create table quick_notices (
  id bytes primary key, user_id bytes not null references users (id),
  token bytes references tokens (id), event bigint references audit_events (position),
  kind text not null check (kind = 'created' or kind = 'expiresSoon' or kind = 'expired' or kind = 'regenerated' or
    kind = 'widened' or kind = 'revokedByOther' or kind = 'policyWarning' or kind = 'revokedByPolicy' or
    kind = 'restsSoon' or kind = 'newNetwork' or kind = 'weeklyDigest' or kind = 'streamDisabled'),
  count bigint not null default 1 check (count > 0), valid_to bigint, address text, agent text, read_at bigint,
  created_at bigint not null,
  check ((kind = 'expiresSoon' or kind = 'expired' or kind = 'restsSoon') = (valid_to is not null)),
  check ((kind = 'newNetwork') = (address is not null)), check ((address is null) = (agent is null)),
  check ((valid_to is not null or kind = 'newNetwork' or kind = 'weeklyDigest') = (event is null)),
  check ((token is null) = (kind = 'streamDisabled' or kind = 'weeklyDigest')));
insert into quick_notices (id, user_id, token, event, kind, count, valid_to, address, agent, read_at, created_at)
  select id, user_id, token, event, kind, count, valid_to, address, agent, read_at, created_at from notices;
drop table notices;
alter table quick_notices rename to notices;
create index notices_by_user on notices (user_id, created_at, id, read_at);
create index notices_by_time on notices (created_at);
create index notices_by_event on notices (event) where event is not null;
create unique index notices_of_warnings on notices (token, event) where kind = 'policyWarning';
create unique index notices_of_revocations on notices (user_id, event) where kind = 'revokedByOther';
create table outbox (
  notice bytes not null references notices (id) on delete cascade, channel bigint not null check (channel between 1 and 3),
  state text not null check (state in ('queued', 'undeliverable')), attempts bigint not null, next_at bigint not null,
  last_error text not null, created_at bigint not null, organization bytes not null, primary key (notice, channel));
insert into outbox (notice, channel, state, attempts, next_at, last_error, created_at, organization)
  select notice, channel, state, attempts, next_at, last_error, created_at, substr(notice, 1, 0) from outbox_aside;
drop table outbox_aside;
create index outbox_queued on outbox (channel, organization, next_at, notice) where state = 'queued';
create index outbox_undeliverable on outbox (channel, organization, created_at, notice) where state = 'undeliverable';
)";

// Mails about accounts, which are no notices (store/account_mails.hpp), and links for a new password. user_id
// of a mail: none, where what was asked for is nothing to be sent. digest: none once the link is good no
// more.
constexpr std::string_view password_resets = R"(
create table account_mails (
  id bytes primary key, user_id bytes references users (id),
  kind text not null check (kind in ('passwordReset', 'passwordChanged')), address text not null,
  attempts bigint not null, last_error text not null, next_at bigint not null, created_at bigint not null);
create index account_mails_by_time on account_mails (next_at, id);
create table password_resets (
  user_id bytes primary key references users (id), digest bytes unique, ends_at bigint not null, sent_at bigint);
create index password_resets_by_end on password_resets (ends_at);
)";

// Where mail is sent by, if the server's own file doesn't say it. password: sealed (base/sealer.hpp).
constexpr std::string_view mail_settings = R"(
create table mail_settings (
  id integer primary key check (id = 1), host text not null, port bigint not null check (port between 1 and 65535),
  tls text not null check (tls in ('startTls', 'tls', 'never')), user_name text not null, password text not null,
  sender text not null, changed_at bigint not null, check ((user_name = '') = (password = '')));
)";

// Where an organization hears of its tokens itself (store/organization_notices.hpp). url: sealed
// (base/sealer.hpp); shown: what may be seen of it.
constexpr std::string_view organization_notices = R"(
create table organization_webhooks (
  organization bytes primary key references organizations (id),
  format text not null check (format in ('teams', 'slack', 'json')), url text not null, shown text not null,
  updated_at bigint not null);
create table organization_mailboxes (
  organization bytes primary key references organizations (id), address text not null);
)";

constexpr std::array schema_steps{first,
                                  first_passwords,
                                  uses,
                                  invitations,
                                  portal,
                                  governance,
                                  administration,
                                  audit,
                                  policies,
                                  ends,
                                  outbox,
                                  quick_notices,
                                  password_resets,
                                  mail_settings,
                                  organization_notices};

}  // namespace

std::span<const std::string_view> schema() noexcept { return schema_steps; }

}  // namespace latchkey::store
