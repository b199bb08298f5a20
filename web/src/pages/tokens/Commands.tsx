// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { ArrowSync20Regular, Dismiss20Regular, Edit20Regular, Prohibited20Regular } from "@fluentui/react-icons";
import type { ReactElement } from "react";
import type { Token } from "../../api/types";
import { parts } from "../../routes";
import { texts } from "../../texts";
import { isLive } from "./list";
import type { Selecting } from "./selecting";

interface Props {
  selecting: Selecting;
  /** How many the filter finds. */
  total: number;
  pageLength: number;
  onOne: (token: Token, action: "edit" | "regenerate" | "revoke") => void;
  onRevokeSeveral: () => void;
}

/** What can be done with the ticked rows, in the filter bar's place. */
export function Commands({ selecting, total, pageLength, onOne, onRevokeSeveral }: Props) {
  const { rows: tokens, all } = selecting;
  const one = !all && tokens.length === 1 ? tokens[0] : undefined;
  const anyLive = all || tokens.some(isLive);
  const why = (several: string) => (one ? (isLive(one) ? undefined : texts.tokens.ended) : several);
  return (
    <div className="filter-bar commands" role="group" aria-label={texts.tokens.actions}>
      <strong className="numbers" role="status">{all ? texts.tokens.allSelected(total) : texts.tokens.selected(selecting.count)}</strong>
      <Command
        icon={<Prohibited20Regular />}
        text={texts.tokens.revoke}
        why={anyLive ? undefined : texts.tokens.noneLive}
        onFocus={parts.revoke.fetch}
        onClick={() => (one ? onOne(one, "revoke") : onRevokeSeveral())}
      />
      <Command icon={<Edit20Regular />} text={texts.tokens.edit} why={why(texts.tokens.one)} onFocus={parts.edit.fetch} onClick={() => one && onOne(one, "edit")} />
      <Command icon={<ArrowSync20Regular />} text={texts.tokens.regenerate} why={why(texts.tokens.oneToRegenerate)} onFocus={parts.regenerate.fetch} onClick={() => one && onOne(one, "regenerate")} />
      {!one && <span className="hint">{anyLive ? texts.tokens.oneOnly : texts.tokens.noneLive}</span>}
      {!all && selecting.count >= pageLength && total > selecting.count && (
        <Button appearance="transparent" className="select-all" onClick={selecting.setAll}>{texts.tokens.selectAll(total)}</Button>
      )}
      <Button appearance="subtle" className="clear" icon={<Dismiss20Regular />} onClick={selecting.clear}>{texts.tokens.clearSelection}</Button>
    </div>
  );
}

interface CommandProps { icon: ReactElement; text: string; why: string | undefined; onFocus: () => void; onClick: () => void }

/** Stays in the order of Tab when it can't be used, and says why. */
function Command({ icon, text, why, onFocus, onClick }: CommandProps) {
  return (
    <Button
      appearance="subtle"
      icon={icon}
      disabledFocusable={why !== undefined}
      {...(why !== undefined && { title: why, "aria-description": why })}
      onMouseEnter={onFocus}
      onFocus={onFocus}
      onClick={onClick}
    >
      {text}
    </Button>
  );
}
