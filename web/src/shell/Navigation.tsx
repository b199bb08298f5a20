// SPDX-License-Identifier: Apache-2.0
import {
  Alert20Regular, Branch20Regular, Building20Regular, Database20Regular, KeyMultiple20Regular, Laptop20Regular,
  Options20Regular, People20Regular, PersonSettings20Regular,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { Go, usePlace } from "../router";
import { parts, type Area, type Part } from "../routes";
import { useRole, useSession } from "../session";
import { texts } from "../texts";

interface Item { to: string; text: string; icon: ReactNode; part: Part }
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
            {group.items.map(({ to, text, icon, part }) => (
              <li key={to}>
                <Go to={to} aria-current={isAt(to) ? "page" : undefined} onMouseEnter={part.fetch} onFocus={part.fetch}>
                  {icon}<span>{text}</span>
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
  const administers = role === "administrator" || serverAdministrator;
  const administration: Group[] = administers
    ? [{ title: texts.shell.organizationSettings, items: [members] }]
    : [];

  switch (area) {
    case "project":
      return [{
        title: segments[1] ?? "",
        items: [{ to: `${organization}/${encodeURIComponent(segments[1] ?? "")}/_git`, text: texts.shell.repositories, icon: <Branch20Regular />, part: parts.repositories }],
      }, { title: texts.shell.work, items: [projects, tokens] }];
    case "organization":
      return [{ title: texts.shell.work, items: [projects, tokens] }, ...administration];
    case "settings":
      return [
        { title: texts.shell.people, items: [members] },
        ...(serverAdministrator
          ? [{
              title: texts.shell.server,
              items: [
                { to: `${organization}/_settings/users`, text: texts.shell.users, icon: <PersonSettings20Regular />, part: parts.users },
                { to: `${organization}/_settings/organizations`, text: texts.shell.organizations, icon: <Building20Regular />, part: parts.organizations },
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
