// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { Laptop20Regular, Phone20Regular, WindowConsole20Regular } from "@fluentui/react-icons";
import { useMutation, useQuery } from "@tanstack/react-query";
import { agentName } from "../agents";
import { request } from "../api/client";
import { queryClient } from "../api/queries";
import type { List, SignIn } from "../api/types";
import { shortDate } from "../dates";
import { PageTitle } from "../parts/PageTitle";
import { When } from "../parts/small";
import { Failed, Refused, SkeletonRows } from "../parts/states";
import { signOut } from "../session";
import { texts } from "../texts";
import { PasswordCard } from "./sessions/PasswordCard";
import "./sessions/sessions.css";

const key = ["sign-ins"];
const path = "/_apis/latchkey/sign-ins";

/** Where one is signed in, each with a way to end it, and one's password. */
export default function Sessions() {
  const signIns = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await request<List<SignIn>>("GET", path, { signal })).value,
    refetchInterval: 60_000,
  });
  const end = useMutation({
    mutationFn: (id: string | undefined) => request("DELETE", id === undefined ? path : `${path}/${id}`),
    onSettled: () => queryClient.invalidateQueries({ queryKey: key }),
  });
  const others = signIns.data?.some(({ current }) => !current);
  return (
    <>
      <PageTitle title={texts.sessions.title}>{texts.sessions.introduction}</PageTitle>
      <section className="card sessions">
        <header>
          <h2>{texts.sessions.signIns}</h2>
          {others && <Button size="small" disabled={end.isPending} onClick={() => end.mutate(undefined)}>{texts.sessions.endOthers}</Button>}
        </header>
        <Failed query={signIns} />
        <Refused error={end.error} />
        {!signIns.data ? !signIns.error && <SkeletonRows rows={2} /> : (
          <ul className={signIns.error ? "stale" : ""}>
            {signIns.data.map((signIn) => (
              <li key={signIn.id}>
                <Device userAgent={signIn.userAgent} />
                <div>
                  <strong title={signIn.userAgent}>{agentName(signIn.userAgent)}</strong>
                  {signIn.current && <span className="tag">{texts.sessions.this}</span>}
                  <p className="hint">
                    {signIn.address} · {texts.sessions.seen} <When at={signIn.seenAt} /> · {texts.sessions.since(shortDate(signIn.createdAt))} · {texts.sessions.ends(shortDate(signIn.endsAt))}
                  </p>
                </div>
                <Button
                  aria-label={signIn.current ? texts.shell.signOut : texts.sessions.endOne(agentName(signIn.userAgent), signIn.address)}
                  disabled={end.isPending}
                  onClick={() => (signIn.current ? void signOut() : end.mutate(signIn.id))}
                >
                  {signIn.current ? texts.shell.signOut : texts.sessions.end}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </section>
      <PasswordCard onChanged={() => { void signIns.refetch(); }} />
    </>
  );
}

function Device({ userAgent }: { userAgent: string }) {
  if (!userAgent.startsWith("Mozilla/")) return <WindowConsole20Regular aria-hidden="true" />;
  return /Mobile|Android|iPhone/.test(userAgent) ? <Phone20Regular aria-hidden="true" /> : <Laptop20Regular aria-hidden="true" />;
}
