// SPDX-License-Identifier: Apache-2.0
import { ago, exact } from "../dates";

/** The product's mark: a key on its colour. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="mark">
      <rect width="32" height="32" rx="7" />
      <g fill="none" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round">
        <circle cx="16" cy="11" r="4.5" />
        <path d="M16 15.5V25h4M16 20.5h3" />
      </g>
    </svg>
  );
}

/** Twelve characters in groups of four, parted by margins: a copy has no blanks in it. */
export function Fingerprint({ of }: { of: string }) {
  return (
    <span className="fingerprint" role="img" aria-label={`Fingerprint ${of}`} translate="no">
      <span>{of.slice(0, 4)}</span><span>{of.slice(4, 8)}</span><span>{of.slice(8)}</span>
    </span>
  );
}

/** A moment as people say it; exactly on hovering and for machines. */
export function When({ at, children }: { at: string; children?: React.ReactNode }) {
  return <time dateTime={at} title={exact(at)}>{children ?? ago(at)}</time>;
}
