// SPDX-License-Identifier: Apache-2.0
import { Switch } from "@fluentui/react-components";
import { Info16Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import { request } from "../../api/client";
import type { List, Repository } from "../../api/types";
import { CopyButton } from "../../parts/CopyButton";
import { Tabs } from "../../parts/Tabs";
import { useSession } from "../../session";
import { texts } from "../../texts";
import { example, kinds, kindTexts, literal, type Kind } from "./examples";

/** Ways to use the token at once. They read it from the environment until the reader asks to have it filled in. */
export function Examples({ organization, secret }: { organization: string; secret: string }) {
  const { publicUrl } = useSession();
  const [kind, setKind] = useState<Kind>("git");
  const [filled, setFilled] = useState(false);
  const repositories = useQuery({
    queryKey: ["projects", organization, "repositories"],
    queryFn: ({ signal }) => request<List<Repository>>("GET", `/${encodeURIComponent(organization)}/_apis/git/repositories`, { signal, confirm: false }),
  });
  const repository = repositories.data?.value[0]?.remoteUrl ?? `${publicUrl}/${encodeURIComponent(organization)}/PROJECT/_git/REPOSITORY`;
  const { token, text } = example(kind, { server: publicUrl, organization, repository });
  const written = filled ? literal(kind, secret) : token;
  return (
    <section className="examples">
      <header>
        <h3>{texts.created.useIt}</h3>
        <Switch labelPosition="before" label={texts.created.fill} checked={filled} onChange={(_, { checked }) => setFilled(checked)} />
      </header>
      <Tabs label={texts.created.examples} value={kind} tabs={kinds.map((value) => ({ value, text: kindTexts[value] }))} onChange={setKind}>
        <div className="code">
          <pre tabIndex={0} aria-label={kindTexts[kind]} translate="no">
            {text.split("\n").map((line, index) => <Fragment key={index}><Line text={line} token={written} />{"\n"}</Fragment>)}
          </pre>
          <CopyButton appearance="subtle" size="small" name={texts.created.copyExample} text={() => text.replaceAll("{token}", written)} />
        </div>
      </Tabs>
      <p className="hint note"><Info16Regular />{filled ? texts.created.filled : texts.created.environment}</p>
      {kind === "git" && <p className="hint note"><Info16Regular />{texts.created.neverInAddress}</p>}
    </section>
  );
}

function Line({ text, token }: { text: string; token: string }) {
  if (text.startsWith("#")) return <span className="comment">{text}</span>;
  return <>{text.split("{token}").map((piece, index) => <Fragment key={index}>{index > 0 && <b>{token}</b>}{piece}</Fragment>)}</>;
}
