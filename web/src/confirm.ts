// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from "react";

/** Why the password is asked for: the sign-in has ended, or what is asked needs one of the last hour. */
export type Reason = "signedOut" | "tooOld";

interface Asking {
  reason: Reason;
  answer: (confirmed: boolean) => void;
}

let strongUntil = Infinity;
let asking: Asking | undefined;
let waiting: Promise<boolean> | undefined;
const listeners = new Set<() => void>();

/** Keeps until when the sign-in is fresh enough for what widens access, as the server said last. */
export function noteStrongUntil(at: string): void {
  strongUntil = new Date(at).getTime();
}

export function isTooOld(): boolean {
  return Date.now() >= strongUntil;
}

function tell(): void {
  listeners.forEach((listener) => listener());
}

/** Asks for the password in place; true once the person has signed in again. Requests that fail together ask once. */
export function confirmSignIn(reason: Reason): Promise<boolean> {
  waiting ??= new Promise<boolean>((resolve) => {
    asking = {
      reason,
      answer: (confirmed) => {
        asking = undefined;
        waiting = undefined;
        tell();
        resolve(confirmed);
      },
    };
    tell();
  });
  return waiting;
}

/** What is being asked now, for the dialog that asks it. */
export function useAsking(): Asking | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => asking,
  );
}
