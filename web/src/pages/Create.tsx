// SPDX-License-Identifier: Apache-2.0
import { useMemo, useState } from "react";
import type { Pat } from "../api/types";
import { leavePanel, usePlace } from "../router";
import { useOrganization, useSession } from "../session";
import { texts } from "../texts";
import { Created } from "./Created";
import { emptyDraft } from "./form/model";
import { submit } from "./form/submit";
import { TokenForm } from "./form/TokenForm";

/** A new token: the form, then the one moment in which its secret can be seen. */
export default function Create() {
  const organization = useOrganization();
  const { publicUrl } = useSession();
  const forGit = usePlace().search.get("for") === "git";
  // The secret lives in this state alone, and ends with this panel.
  const [made, setMade] = useState<{ pat: Pat; organization: string }>();
  const initial = useMemo(
    () => emptyDraft(organization, forGit ? { name: texts.form.gitName(`${publicUrl}/${organization}`), scopes: ["vso.code_write"] } : {}),
    [organization, forGit, publicUrl],
  );
  const close = () => leavePanel(`/${encodeURIComponent(organization)}/_usersSettings/tokens`);
  if (made) return <Created title={texts.created.title} pat={made.pat} organization={made.organization} onClose={close} />;
  return (
    <TokenForm
      title={texts.form.newTitle}
      submit={texts.form.create}
      initial={initial}
      onSubmit={async (draft) => setMade({ pat: await submit(draft), organization: draft.organization })}
      onClose={close}
    />
  );
}
