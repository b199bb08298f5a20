// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { request } from "../api/client";
import { own } from "../api/queries";
import type { TokenDetails } from "../api/types";
import { Failed, SkeletonRows } from "../parts/states";
import { SidePanel } from "../parts/SidePanel";
import { leavePanel, usePlace } from "../router";
import { useOrganization } from "../session";
import { texts } from "../texts";
import { draftOf, type Draft } from "./form/model";
import { submit } from "./form/submit";
import { TokenForm } from "./form/TokenForm";

/** Changes a token's name, end or scopes; its secret stays. */
export default function Edit() {
  const organization = useOrganization();
  const id = usePlace().segments[3] ?? "";
  const close = () => leavePanel(`/${encodeURIComponent(organization)}/_usersSettings/tokens`);
  const token = useQuery({
    queryKey: ["tokens", organization, "one", id],
    queryFn: ({ signal }) => request<TokenDetails>("GET", own(organization, `tokens/${id}`), { signal }),
  });
  // What the form begins with stays, whatever the list hears meanwhile: nobody types over what somebody else changes.
  const [initial, setInitial] = useState<Draft>();
  if (token.data && !initial) setInitial(draftOf(token.data, organization));

  const ended = token.data && (token.data.status === "expired" || token.data.status === "revoked");
  if (!initial || ended) {
    return (
      <SidePanel title={texts.form.editTitle} width={920} onClose={close} footer={<Button onClick={close}>{texts.common.close}</Button>}>
        {ended ? <p>{texts.form.editEnded}</p> : token.error ? <Failed query={token} /> : <SkeletonRows rows={4} />}
      </SidePanel>
    );
  }
  return (
    <TokenForm
      title={texts.form.editTitle}
      submit={texts.common.save}
      initial={initial}
      id={id}
      onSubmit={async (draft) => { await submit(draft, id); close(); }}
      onClose={close}
    />
  );
}
