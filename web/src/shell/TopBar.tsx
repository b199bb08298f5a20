// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { Alert20Regular, ChevronUpDown16Regular, Navigation20Regular, PersonSettings20Regular } from "@fluentui/react-icons";
import { lazy, Suspense, useState, type MouseEvent } from "react";
import { Mark } from "../parts/small";
import { Go } from "../router";
import type { Area, Crumb } from "../routes";
import { useLastCrumb } from "./crumb";
import { useOrganization, useSession } from "../session";
import { texts } from "../texts";

const Bell = lazy(() => import("../pages/Bell"));
const loadMenus = () => import("./menus");
const OrganizationMenu = lazy(async () => ({ default: (await loadMenus()).OrganizationMenu }));
const AccountMenu = lazy(async () => ({ default: (await loadMenus()).AccountMenu }));

interface Props { area: Area; crumbs: Crumb[]; onNavigation: () => void; onKeys: () => void }

export function TopBar({ area, crumbs, onNavigation, onKeys }: Props) {
  const organization = useOrganization();
  const last = useLastCrumb();
  const tokens = `/${encodeURIComponent(organization)}/_usersSettings/tokens`;
  return (
    <header className="top-bar">
      <Button className="open-navigation" appearance="subtle" icon={<Navigation20Regular />} aria-label={texts.shell.openNavigation} onClick={onNavigation} />
      <Go to={`/${encodeURIComponent(organization)}`} className="brand" aria-label={texts.product}>
        <Mark /><span>{texts.product}</span>
      </Go>
      <span className="slash" aria-hidden="true">/</span>
      <OrganizationSwitcher area={area} />
      <nav aria-label={texts.shell.breadcrumb} className="crumbs">
        <ol>
          {(last === undefined ? crumbs : [...crumbs, { text: last, to: undefined }]).map(({ text, to }, index) => (
            <li key={index}>
              {to === undefined ? <span aria-current="page">{text}</span> : <Go to={to}>{text}</Go>}
            </li>
          ))}
        </ol>
      </nav>
      <div className="top-actions">
        <Suspense fallback={<Button appearance="subtle" icon={<Alert20Regular />} disabled aria-label={texts.shell.notifications} />}><Bell /></Suspense>
        <Go to={tokens} className="icon-link" aria-label={texts.shell.userSettings} title={texts.shell.userSettings}><PersonSettings20Regular /></Go>
        <Account onKeys={onKeys} />
      </div>
    </header>
  );
}

/** A button of the top bar and the menu that it opens; the menu's code comes when the button is reached. */
function useMenu() {
  const [target, setTarget] = useState<HTMLElement>();
  const near = () => { loadMenus().catch(() => undefined); };
  return {
    target,
    close: () => { setTarget(undefined); target?.focus(); },
    button: {
      "aria-haspopup": "menu" as const,
      "aria-expanded": target !== undefined,
      onMouseEnter: near,
      onFocus: near,
      onClick: (event: MouseEvent<HTMLElement>) => setTarget(event.currentTarget),
    },
  };
}

function OrganizationSwitcher({ area }: { area: Area }) {
  const current = useOrganization();
  const { target, close, button } = useMenu();
  return (
    <>
      <Button {...button} className="organization" appearance="subtle" icon={<ChevronUpDown16Regular />} iconPosition="after" aria-label={texts.shell.organization(current)}>
        {current}
      </Button>
      <Suspense fallback={null}>{target && <OrganizationMenu area={area} target={target} onClose={close} />}</Suspense>
    </>
  );
}

function Account({ onKeys }: { onKeys: () => void }) {
  const { displayName, email } = useSession().user;
  const letters = initials(displayName || email);
  const { target, close, button } = useMenu();
  return (
    <>
      <button {...button} type="button" className="avatar" aria-label={texts.shell.account(displayName, letters)}>{letters}</button>
      <Suspense fallback={null}>{target && <AccountMenu target={target} onClose={close} onKeys={onKeys} />}</Suspense>
    </>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s.@_-]+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters.map((word) => Array.from(word ?? "")[0] ?? "").join("").toUpperCase();
}
