// SPDX-License-Identifier: Apache-2.0
import { Go } from "../../router";
import { parts } from "../../routes";
import { governance } from "../../texts.governance";
import "./groups.css";

const t = governance.users;

/** The server's users and its groups are two pages side by side. */
export function UsersTabs({ organization, at }: { organization: string; at: "users" | "groups" }) {
  const users = `/${encodeURIComponent(organization)}/_settings/users`;
  return (
    <nav aria-label={t.tabs} className="page-tabs">
      <Go to={users} aria-current={at === "users" ? "page" : undefined} onMouseEnter={parts.users.fetch} onFocus={parts.users.fetch}>{t.users}</Go>
      <Go to={`${users}/groups`} aria-current={at === "groups" ? "page" : undefined} onMouseEnter={parts.groups.fetch} onFocus={parts.groups.fetch}>{t.groups}</Go>
    </nav>
  );
}
