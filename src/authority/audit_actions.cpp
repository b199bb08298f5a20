// SPDX-License-Identifier: Apache-2.0
#include "authority/audit_actions.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace latchkey::authority {
namespace {

using enum AuditCategory;

// By name. Azure DevOps' own where it has them, with its sentences.
constexpr AuditAction actions[] = {
    {"AuditLog.AccessLog", access, "The audit log was read."},
    {"AuditLog.DownloadLog", access, "The audit log was downloaded as {Format}."},
    {"AuditLog.RetentionApplied", remove,
     "Events up to position {Position} were removed: their time is over."},
    {"AuditLog.StreamCreated", create, "The audit stream \"{DisplayName}\" to {ConsumerType} was created."},
    {"AuditLog.StreamDeleted", remove, "The audit stream \"{DisplayName}\" was deleted."},
    {"AuditLog.StreamDisabledBySystem", modify,
     "The audit stream \"{DisplayName}\" was disabled by the system: {Reason}"},
    {"AuditLog.StreamDisabledByUser", modify, "The audit stream \"{DisplayName}\" was disabled."},
    {"AuditLog.StreamEnabled", modify, "The audit stream \"{DisplayName}\" was enabled."},
    {"AuditLog.StreamModified", modify, "The audit stream \"{DisplayName}\" was changed."},
    {"Calendar.LinkCreate", create, "A link to a calendar of one's tokens was made."},
    {"Calendar.LinkEnd", remove, "The link to a calendar of one's tokens was ended."},
    {"Git.Push", modify, "The repository \"{RepoName}\" was pushed to."},
    {"Git.RepositoryCreated", create, "The repository \"{RepoName}\" was created."},
    {"Git.RepositoryDefaultBranchChanged", modify,
     "The default branch of the repository \"{RepoName}\" was changed from \"{PreviousDefaultBranch}\" to "
     "\"{DefaultBranch}\"."},
    {"Git.RepositoryDeleted", remove, "The repository \"{RepoName}\" was deleted."},
    {"Git.RepositoryDisabled", modify, "The repository \"{RepoName}\" was disabled."},
    {"Git.RepositoryEnabled", modify, "The repository \"{RepoName}\" was enabled."},
    {"Git.RepositoryRenamed", modify, "The repository \"{PreviousRepoName}\" was renamed to \"{RepoName}\"."},
    {"Group.CreateGroups", create, "The group \"{GroupName}\" was created."},
    {"Group.UpdateGroupMembership.Add", modify, "User {MemberId} is a member of the organization as {Role}."},
    {"Group.UpdateGroupMembership.Remove", modify, "User {MemberId} was removed from the organization."},
    {"Group.UpdateGroups.Delete", remove, "The group \"{GroupName}\" was deleted."},
    {"Group.UpdateGroups.Modify", modify, "The group \"{GroupName}\" was changed."},
    {"Library.AgentAdded", create, "The agent \"{AgentName}\" was added to pool {AgentPoolId}."},
    {"Library.AgentDeleted", remove, "The agent \"{AgentName}\" was removed from pool {AgentPoolId}."},
    {"Library.AgentPoolCreated", create, "The agent pool \"{AgentPoolName}\" was created."},
    {"Library.AgentPoolDeleted", remove, "The agent pool \"{AgentPoolName}\" was deleted."},
    {"Library.AgentPoolUpdated", modify, "The agent pool \"{AgentPoolName}\" was changed."},
    {"Library.AgentQueueCreated", create, "The agent queue \"{AgentQueueName}\" was created."},
    {"Library.AgentQueueDeleted", remove, "The agent queue \"{AgentQueueName}\" was deleted."},
    {"Library.AgentQueueUpdated", modify, "The agent queue \"{AgentQueueName}\" was changed."},
    {"Library.AgentUpdated", modify, "The agent \"{AgentName}\" of pool {AgentPoolId} was changed."},
    {"Mail.Retried", execute, "{Count} mails that could not be delivered were tried again."},
    {"Mail.SettingsRemoved", remove, "Mail is not sent by {Host} any more."},
    {"Mail.SettingsUpdated", modify, "Mail is sent by {Host}, from {From}."},
    {"Mail.Tested", execute, "A test mail was sent to {Address}."},
    {"Notices.MailboxRemoved", remove, "Mail for owners who can't be told goes to no mailbox any more."},
    {"Notices.MailboxSet", modify, "Mail for owners who can't be told goes to {Address}."},
    {"Notices.Retried", execute, "{Count} notices that the webhook had not taken were tried again."},
    {"Notices.WebhookRemoved", remove, "The webhook for notices was removed."},
    {"Notices.WebhookSet", modify, "Notices go to a webhook ({Format}) at {Host}."},
    {"Notices.WebhookTested", execute, "A test message was sent to the webhook at {Host}."},
    {"Organization.Close", modify, "The organization \"{OrganizationName}\" was closed."},
    {"Organization.Create", create, "The organization \"{OrganizationName}\" was created."},
    {"Organization.Open", modify, "The organization \"{OrganizationName}\" was opened."},
    {"OrganizationPolicy.AllowListUpdated", modify, "Whom {Route} is open to was changed."},
    {"OrganizationPolicy.EnforcePolicyRemoved", modify, "Policy {PolicyName} was taken back."},
    {"OrganizationPolicy.PolicyValueUpdated", modify, "Policy {PolicyName} was changed to {PolicyValue}."},
    {"Pipelines.RunQueued", execute, "Run {BuildNumber} of the pipeline \"{PipelineName}\" was queued."},
    {"Pipelines.RunUpdated", modify, "Run {BuildNumber} of the pipeline \"{PipelineName}\" is {Status}."},
    {"Project.CreateCompleted", create, "The project \"{ProjectName}\" was created."},
    {"Project.HardDeleteCompleted", remove, "The project \"{ProjectName}\" was deleted."},
    {"Project.RenameCompleted", modify,
     "The project \"{PreviousProjectName}\" was renamed to \"{ProjectName}\"."},
    {"Project.UpdateCompleted", modify, "The project \"{ProjectName}\" was changed."},
    {"Security.ModifyPermission", modify,
     "{SubjectName} has the role {Role} on the project \"{ProjectName}\"."},
    {"Security.RemovePermission", remove,
     "{SubjectName} has no role of their own on the project \"{ProjectName}\"."},
    {"Session.End", modify, "A sign-in was ended."},
    {"Session.EndOthers", modify, "All other sign-ins were ended."},
    {"Session.SignIn", access, "Signed in."},
    {"Session.SignInFailed", access, "A sign-in failed: {Email}."},
    {"Session.SignInWithNewPassword", access, "Signed in with a new password."},
    {"Session.SignInsFailed", access, "{Count} further sign-ins failed."},
    {"Session.SignOut", access, "Signed out."},
    {"Token.BanAdded", modify, "Personal Access Token \"{DisplayName}\" was banned in the organization."},
    {"Token.BanRemoved", modify,
     "Personal Access Token \"{DisplayName}\" is not banned in the organization any more."},
    {"Token.PatCreateEvent", create, "Personal Access Token \"{DisplayName}\" was created."},
    {"Token.PatRevokeEvent", remove, "Personal Access Token \"{DisplayName}\" was revoked."},
    {"Token.PatSystemRevokeEvent", remove,
     "Personal Access Token \"{DisplayName}\" associated with user \"{OwnerName}\" was revoked by the "
     "system."},
    {"Token.PatUpdateEvent", modify, "Personal Access Token \"{DisplayName}\" was updated."},
    {"Token.RevocationStart", execute, "A revocation of {Tokens} tokens was started."},
    {"User.AcceptInvitation", modify, "{Email} accepted an invitation."},
    {"User.AskPasswordReset", execute, "A link for a new password was asked for: {Email}."},
    {"User.Create", create, "The user {Email} was created."},
    {"User.Disable", modify, "The user {Email} was disabled."},
    {"User.Enable", modify, "The user {Email} was enabled."},
    {"User.Invite", modify, "The user {Email} was invited."},
    {"User.Remove", remove, "The user {Email} was removed."},
    {"User.ResetPassword", modify, "The password of {Email} was reset on the server."},
    {"User.ResetPasswordByMail", modify, "{Email} chose another password by a link that was mailed."},
    {"User.Update", modify, "The user {Email} was changed."},
};
static_assert(std::ranges::is_sorted(actions, {}, &AuditAction::id));

std::string text_of(const boost::json::value& value) {
  return value.is_string() ? std::string(std::string_view(value.get_string()))
                           : boost::json::serialize(value);
}

}  // namespace

std::span<const AuditAction> audit_actions() noexcept { return actions; }

AuditAction audit_action(std::string_view id) noexcept {
  const auto* found = std::ranges::lower_bound(actions, id, {}, &AuditAction::id);
  return found != std::end(actions) && found->id == id ? *found : AuditAction{id, unknown, id};
}

std::string_view category_name(AuditCategory category) noexcept {
  constexpr std::array<std::string_view, 6> names{"unknown", "modify", "remove",
                                                  "create",  "access", "execute"};
  return names[static_cast<std::size_t>(category)];
}

std::string audit_details(const AuditAction& action, const boost::json::object& data) {
  std::string text;
  for (std::string_view rest = action.details; !rest.empty();) {
    const auto open = std::min(rest.find('{'), rest.size());
    text += rest.substr(0, open);
    rest.remove_prefix(open);
    if (rest.empty()) break;
    const auto close = rest.find('}');
    if (const auto* value = data.if_contains(rest.substr(1, close - 1))) text += text_of(*value);
    rest.remove_prefix(close + 1);
  }
  return text;
}

}  // namespace latchkey::authority
