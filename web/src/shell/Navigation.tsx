// SPDX-License-Identifier: Apache-2.0
import {
  Alert20Regular, Branch20Regular, Building20Regular, ClipboardTextLtr20Regular, Database20Regular, KeyMultiple20Regular, Mail20Regular, Laptop20Regular,
  Options20Regular, People20Regular, PeopleTeam20Regular, PersonKey20Regular, PersonSettings20Regular, PlugConnected20Regular, ShieldTask20Regular,
} from "@fluentui/react-icons";
import { lazy, Suspense, type ReactNode } from "react";
import { Go, usePlace } from "../router";
import { parts, type Area, type Part } from "../routes";
import { useRole, useSession } from "../session";
import { texts } from "../texts";

// Only the administration's links have figures beside them.
const Figure = lazy(() => import("./Figure"));

interface Item { to: string; text: string; icon: ReactNode; part: Part; figure?: "tokens" | "streams" }
interface Group { title: string; items: Item[] }

/** The links of the area that one is in. */
export function Navigation({ area }: { area: Area }) {
  const { path, segments } = usePlace();
  const groups = useGroups(area);
  return (
    <nav aria-label={texts.shell.navigation} className="navigation">
      {groups.map((group) => (
        <section key={group.title}>
          <h2>{group.title}</h2>
          <ul>
            {group.items.map(({ to, text, icon, part, figure }) => (
              <li key={to}>
                <Go to={to} aria-current={isAt(to) ? "page" : undefined} onMouseEnter={part.fetch} onFocus={part.fetch}>
                  {icon}<span>{text}</span>
                  {figure && <Suspense fallback={null}><Figure of={figure} /></Suspense>}
                </Go>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );

  function isAt(to: string): boolean {
    const wanted = to.split("/").filter(Boolean).map(decodeURIComponent);
    return wanted.length <= 1 ? path.split("/").filter(Boolean).length === 1 : wanted.every((segment, index) => segments[index] === segment);
  }
}

function useGroups(area: Area): Group[] {
  const { segments } = usePlace();
  const role = useRole();
  const { serverAdministrator } = useSession().user;
  const organization = "/" + encodeURIComponent(segments[0] ?? "");
  const projects: Item = { to: organization, text: texts.shell.projects, icon: <Database20Regular />, part: parts.projects };
  const tokens: Item = { to: `${organization}/_usersSettings/tokens`, text: texts.shell.tokens, icon: <KeyMultiple20Regular />, part: parts.tokens };
  const members: Item = { to: `${organization}/_settings/members`, text: texts.shell.members, icon: <People20Regular />, part: parts.members };
  const groups: Item = { to: `${organization}/_settings/groups`, text: texts.shell.groups, icon: <PeopleTeam20Regular />, part: parts.groups };
  const policies: Item = { to: `${organization}/_settings/policies`, text: texts.shell.policies, icon: <ShieldTask20Regular />, part: parts.policies };
  const administers = role === "administrator" || serverAdministrator;
  const administration: Group[] = administers
    ? [{ title: texts.shell.organizationSettings, items: [members, policies] }]
    : [];

  switch (area) {
    case "project":
      return [{
        title: segments[1] ?? "",
        items: [
          { to: `${organization}/${encodeURIComponent(segments[1] ?? "")}/_git`, text: texts.shell.repositories, icon: <Branch20Regular />, part: parts.repositories },
          ...(administers ? [{ to: `${organization}/${encodeURIComponent(segments[1] ?? "")}/_settings`, text: texts.shell.access, icon: <PersonKey20Regular />, part: parts.access }] : []),
        ],
      }, { title: texts.shell.work, items: [projects, tokens] }];
    case "organization":
      return [{ title: texts.shell.work, items: [projects, tokens] }, ...administration];
    case "settings":
      return [
        {
          title: texts.shell.governance,
          items: [
            policies,
            { to: `${organization}/_settings/tokens`, text: texts.shell.inventory, icon: <KeyMultiple20Regular />, part: parts.inventory, figure: "tokens" },
            { to: `${organization}/_settings/audit`, text: texts.shell.audit, icon: <ClipboardTextLtr20Regular />, part: parts.audit },
            { to: `${organization}/_settings/streams`, text: texts.shell.streams, icon: <PlugConnected20Regular />, part: parts.streams, figure: "streams" },
            { to: `${organization}/_settings/notifications`, text: texts.shell.notifications, icon: <Alert20Regular />, part: parts.organizationNotices },
          ],
        },
        { title: texts.shell.people, items: [members, groups] },
        ...(serverAdministrator
          ? [{
              title: texts.shell.server,
              items: [
                { to: `${organization}/_settings/users`, text: texts.shell.users, icon: <PersonSettings20Regular />, part: parts.users },
                { to: `${organization}/_settings/organizations`, text: texts.shell.organizations, icon: <Building20Regular />, part: parts.organizations },
                { to: `${organization}/_settings/mail`, text: texts.shell.mail, icon: <Mail20Regular />, part: parts.mail },
              ],
            }]
          : []),
        { title: texts.shell.work, items: [projects, tokens] },
      ];
    default:
      return [
        {
          title: texts.shell.security,
          items: [tokens, { to: `${organization}/_usersSettings/sessions`, text: texts.shell.sessions, icon: <Laptop20Regular />, part: parts.sessions }],
        },
        {
          title: texts.shell.preferences,
          items: [
            { to: `${organization}/_usersSettings/notifications`, text: texts.shell.notifications, icon: <Alert20Regular />, part: parts.notifications },
            { to: `${organization}/_usersSettings/appearance`, text: texts.shell.appearance, icon: <Options20Regular />, part: parts.appearance },
          ],
        },
        { title: texts.shell.work, items: [projects] },
        ...administration,
      ];
  }
}
