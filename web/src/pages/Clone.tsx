// SPDX-License-Identifier: Apache-2.0
import { Button, Field, Input, Tab, TabList } from "@fluentui/react-components";
import { Info16Regular, Key20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { Failure, request } from "../api/client";
import { useRepository } from "../api/projects";
import { tokensChanged } from "../api/queries";
import { issued } from "../api/tokens";
import type { Pat, PatResult, Repository } from "../api/types";
import { utcMidnight } from "../dates";
import { CopyButton } from "../parts/CopyButton";
import { SidePanel } from "../parts/SidePanel";
import { Failed, Refused, SkeletonRows } from "../parts/states";
import { leavePanel, usePlace } from "../router";
import { useOrganization } from "../session";
import { texts } from "../texts";
import { Created } from "./Created";
import "./lists/clone.css";

const t = texts.clone;

/** How to clone a repository, and a token for it if one is wanted. */
export default function Clone() {
  const organization = useOrganization();
  const { segments } = usePlace();
  const short = segments[1] === "_git";
  const name = segments[short ? 2 : 3] ?? "";
  const project = (short ? name : segments[1]) ?? "";
  const repository = useRepository(organization, project, name);
  const [pat, setPat] = useState<Pat>();
  const close = () => leavePanel(`/${encodeURIComponent(organization)}/${encodeURIComponent(project)}/_git`);

  if (pat) return <Created pat={pat} organization={organization} title={t.made} onClose={close} />;
  const gone = repository.error instanceof Failure && repository.error.status === 404;
  return (
    <SidePanel title={gone ? t.gone : t.title(repository.data?.name ?? name)} width={640} onClose={close} footer={<Button className="end" onClick={close}>{texts.common.close}</Button>}>
      {gone ? <p>{t.goneWhy}</p>
        : repository.data ? <Ways repository={repository.data} organization={organization} onIssued={setPat} />
        : repository.error ? <Failed query={repository} /> : <SkeletonRows rows={4} />}
    </SidePanel>
  );
}

interface WaysProps { repository: Repository; organization: string; onIssued: (pat: Pat) => void }

function Ways({ repository, organization, onIssued }: WaysProps) {
  const [way, setWay] = useState<"credentials" | "manager">("credentials");
  const address = repository.remoteUrl;
  return (
    <div className="clone">
      <Field label={t.address}>
        <div className="address">
          <Input readOnly value={address} onFocus={({ target }) => target.select()} />
          <CopyButton text={() => address} name={t.copyAddress} />
        </div>
      </Field>
      <section>
        <h3>{t.how}</h3>
        <TabList selectedValue={way} onTabSelect={(_, { value }) => setWay(value === "manager" ? "manager" : "credentials")}>
          <Tab value="credentials" id="way-credentials" aria-controls="way">{t.credentials}</Tab>
          <Tab value="manager" id="way-manager" aria-controls="way">{t.manager}</Tab>
        </TabList>
        <div role="tabpanel" id="way" aria-labelledby={`way-${way}`}>
          {way === "credentials" ? <Credentials repository={repository} organization={organization} onIssued={onIssued} /> : (
            <div className="card way">
              <p>{t.managerWhy}</p>
              <Command label={t.managerTurnOn} lines={["git config --global credential.helper manager"]} />
            </div>
          )}
        </div>
      </section>
      <Command label={t.clone} lines={[`git clone ${address}`]} />
      <Command label={t.push} lines={[`git remote add origin ${address}`, "git push -u origin --all"]} />
      <p className="hint never-in-address"><Info16Regular aria-hidden="true" />{t.never}</p>
    </div>
  );
}

/** Says which token it will make, before it does. */
function Credentials({ repository, organization, onIssued }: WaysProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const name = t.tokenName(repository.name);
  const generate = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const body = { displayName: name, scope: "vso.code_write", validTo: utcMidnight(30).toISOString(), allOrgs: false };
      onIssued(issued(await request<PatResult>("POST", `/${encodeURIComponent(organization)}/_apis/tokens/pats?api-version=7.1-preview.1`, { body })));
      void tokensChanged();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <div className="card way">
      <div className="way-what">
        <Key20Regular aria-hidden="true" />
        <div>
          <h4>{t.generate}</h4>
          <p>{t.makes}<strong>{t.scope}</strong>{t.for(organization)}<span className="mono">{name}</span>{t.use}</p>
        </div>
      </div>
      <Button appearance="primary" disabled={busy} onClick={() => { void generate(); }}>{t.generate}</Button>
      <Refused error={error} />
    </div>
  );
}

function Command({ label, lines }: { label: string; lines: string[] }) {
  return (
    <section>
      <h3 className="small-head">{label}</h3>
      <div className="command">
        <code>{lines.map((line) => <span key={line}>{line}</span>)}</code>
        <CopyButton text={() => lines.join("\n")} name={t.copyCommand} appearance="subtle" size="small" />
      </div>
    </section>
  );
}
