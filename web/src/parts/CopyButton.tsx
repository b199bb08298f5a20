// SPDX-License-Identifier: Apache-2.0
import { Button } from "@fluentui/react-components";
import { Checkmark20Regular, Copy20Regular } from "@fluentui/react-icons";
import { useEffect, useState } from "react";
import { texts } from "../texts";

interface Props {
  /** What is copied; asked for at the press, so that nothing keeps it. */
  text: () => string;
  /** The button's text; without one it is an icon named `name`. */
  label?: string;
  name?: string;
  onCopied?: () => void;
  appearance?: "primary" | "secondary" | "subtle" | "transparent";
  size?: "small" | "medium" | "large";
  className?: string;
}

/** Copies, and says so; where the browser forbids it, says what to do instead. */
export function CopyButton({ text, label, name = texts.common.copy, onCopied, ...rest }: Props) {
  const [state, setState] = useState<"ready" | "copied" | "blocked">("ready");
  useEffect(() => {
    if (state !== "copied") return;
    const timer = setTimeout(() => setState("ready"), 2500);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setState("copied");
      onCopied?.();
    } catch {
      setState("blocked");
    }
  };
  return (
    <>
      <Button
        {...rest}
        icon={state === "copied" ? <Checkmark20Regular /> : <Copy20Regular />}
        {...(label === undefined && { "aria-label": name, title: name })}
        onClick={() => { void copy(); }}
      >
        {label !== undefined && (state === "copied" ? texts.common.copied : label)}
      </Button>
      <span role="status" className={state === "blocked" ? "copy-blocked" : "hidden"}>
        {state === "copied" ? texts.common.copied : state === "blocked" ? texts.common.copyBlocked : ""}
      </span>
    </>
  );
}
