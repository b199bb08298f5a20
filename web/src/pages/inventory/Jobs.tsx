// SPDX-License-Identifier: Apache-2.0
import { Button, MessageBar, MessageBarActions, MessageBarBody, ProgressBar } from "@fluentui/react-components";
import { Dismiss16Regular } from "@fluentui/react-icons";
import { useEffect, useRef, useState } from "react";
import type { Of } from "../../api/governed";
import { useRevocations, type RevocationJob } from "../../api/inventory";
import { queryClient } from "../../api/queries";
import { governance } from "../../texts.governance";

const t = governance.inventory;

/** How far revocations have come that run in the background, whoever began them; and the ends of those seen here. */
export function Jobs({ of }: { of: Of }) {
  const { data } = useRevocations(of);
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  // A short one is over before it was seen running: those of the last moments count too.
  const opened = useRef(Date.now());
  const running = data?.filter((job) => job.state === "running").map(({ id }) => id).join() ?? "";
  const before = useRef(running);
  useEffect(() => {
    if (running) setSeen((old) => new Set([...old, ...running.split(",")]));
    if (before.current && before.current !== running) {
      void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === "inventory" && queryKey[2] !== "revocations" });
    }
    before.current = running;
  }, [running]);
  const shown = data?.filter((job) => !dismissed.has(job.id) && (job.state === "running" || seen.has(job.id) || Date.parse(job.createdAt) > opened.current)) ?? [];
  return (
    <div className="jobs" role="status">
      {shown.map((job) => <Job key={job.id} job={job} onDismiss={() => setDismissed((old) => new Set([...old, job.id]))} />)}
    </div>
  );
}

function Job({ job: { state, done, total }, onDismiss }: { job: RevocationJob; onDismiss: () => void }) {
  if (state === "running") {
    return (
      <div className="card job">
        <p><strong className="numbers">{t.running(done, total)}</strong> <span className="hint">{t.runningWhy}</span></p>
        <ProgressBar aria-label={t.running(done, total)} max={Math.max(1, total)} value={done} thickness="large" />
      </div>
    );
  }
  return (
    <MessageBar intent={state === "done" ? "success" : "error"}>
      <MessageBarBody>{state === "done" ? t.done(done) : t.failed(done, total)}</MessageBarBody>
      <MessageBarActions containerAction={<Button appearance="transparent" size="small" icon={<Dismiss16Regular />} aria-label={t.dismiss} onClick={onDismiss} />} />
    </MessageBar>
  );
}
