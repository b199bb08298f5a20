// SPDX-License-Identifier: Apache-2.0
import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import { ArrowClockwise16Regular } from "@fluentui/react-icons";
import { useEffect, useState, type ReactNode } from "react";
import { Failure, sentence } from "../api/client";
import { texts } from "../texts";

/** True once `milliseconds` have passed, so that what comes quickly never flickers. */
export function useDelay(milliseconds: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return passed;
}

/** Rows in the place of those to come, as high as they will be. */
export function SkeletonRows({ rows = 5 }: { rows?: number }) {
  const shown = useDelay(150);
  return (
    <div role="status" aria-label={texts.common.loading} className="skeleton-rows" data-shown={shown}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="skeleton-row" aria-hidden="true">
          <i /><span><i /><i /></span><i /><i /><i />
        </div>
      ))}
    </div>
  );
}

interface EmptyProps {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}

/** A list without anything in it: says why, and offers what to do. */
export function Empty({ icon, title, children, actions }: EmptyProps) {
  return (
    <div className="empty">
      <div className="empty-icon" aria-hidden="true">{icon}</div>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {actions && <div className="empty-actions">{actions}</div>}
    </div>
  );
}

interface Retried {
  error: unknown;
  isFetching: boolean;
  failureCount: number;
  errorUpdateCount: number;
  data?: unknown;
  refetch: () => unknown;
}

/** Why a query has no (new) answer: the reason, a countdown to the next try, and "Try now". What was there stays. */
export function Failed({ query, title }: { query: Retried; title?: string }) {
  const { error, errorUpdateCount, isFetching, refetch } = query;
  const passing = !(error instanceof Failure) || error.passing;
  const [left, setLeft] = useState(0);

  useEffect(() => {
    if (!error || !passing) return;
    const wait = error instanceof Failure && error.retryAfter ? error.retryAfter : Math.min(60, 4 * 2 ** Math.min(4, errorUpdateCount - 1));
    const due = Date.now() + wait * 1000;
    setLeft(wait);
    const timer = setInterval(() => {
      const seconds = Math.ceil((due - Date.now()) / 1000);
      setLeft(Math.max(0, seconds));
      if (seconds > 0) return;
      clearInterval(timer);
      refetch();
    }, 500);
    const online = () => { refetch(); };
    window.addEventListener("online", online);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", online);
    };
    // One countdown for each failure, not for each render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [error, errorUpdateCount]);

  if (!error) return null;
  const reference = error instanceof Failure ? error.reference : undefined;
  return (
    <MessageBar intent="error" layout="multiline" className="failed">
      <MessageBarBody>
        <MessageBarTitle>{title ?? (query.data === undefined ? texts.errors.notLoaded : texts.errors.outOfDate)}</MessageBarTitle>
        {sentence(error)}{" "}
        {/* Read out once with the reason, not at each second. */}
        {passing && <span aria-live="off">{isFetching ? texts.errors.trying : texts.errors.again(left)}</span>}
        {reference && " " + texts.errors.reference(reference)}
      </MessageBarBody>
      <MessageBarActions>
        <Button size="small" icon={<ArrowClockwise16Regular />} disabled={isFetching} onClick={() => { refetch(); }}>
          {texts.common.tryNow}
        </Button>
      </MessageBarActions>
    </MessageBar>
  );
}

/** Why what was asked for was not done. Beside the button that asked; what was typed stays. */
export function Refused({ error }: { error: unknown }) {
  if (!error) return null;
  const reference = error instanceof Failure && error.status !== 0 && error.passing ? error.reference : undefined;
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>{sentence(error)}{reference && " " + texts.errors.reference(reference)}</MessageBarBody>
    </MessageBar>
  );
}
