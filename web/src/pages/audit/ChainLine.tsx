// SPDX-License-Identifier: Apache-2.0
import { ShieldCheckmark20Filled, ShieldError20Filled, ShieldTask20Regular } from "@fluentui/react-icons";
import { useAuditCheck } from "../../api/audit";
import type { Of } from "../../api/governed";
import { ago } from "../../dates";
import { governance } from "../../texts.governance";

const t = governance.audit;

/** Whether the log is whole, as the server found it last. Says nothing where it was not told. */
export function ChainLine({ of }: { of: Of }) {
  const { data } = useAuditCheck(of);
  if (!data) return null;
  if (data.broken !== undefined) {
    return <div className="chain-line" data-state="broken" role="alert"><ShieldError20Filled aria-hidden="true" /><span>{t.broken(data.broken)}</span></div>;
  }
  if (data.unbroken === undefined || data.checkedAt === undefined) {
    return <div className="chain-line"><ShieldTask20Regular aria-hidden="true" /><span>{t.beingChecked(data.looked, data.position)}</span></div>;
  }
  return (
    <div className="chain-line" data-state="unbroken">
      <ShieldCheckmark20Filled aria-hidden="true" />
      <span>{t.unbroken(data.unbroken)}<time dateTime={data.checkedAt}>{ago(data.checkedAt)}</time></span>
    </div>
  );
}
