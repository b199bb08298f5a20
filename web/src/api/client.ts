// SPDX-License-Identifier: Apache-2.0
import { serverPath } from "../base";
import { texts } from "../texts";
import { confirmSignIn, isTooOld, type Reason } from "../confirm";

/** Why a request failed, in a sentence that a person can act on. */
export class Failure extends Error {
  override readonly name = "Failure";
  constructor(
    message: string,
    /** 0: no answer came, or none that can be read. */
    readonly status: number,
    /** The refusal's kind, such as `SignInTooOldException`. */
    readonly kind: string,
    /** The field of the request that is meant, if one is. */
    readonly field: string | undefined,
    /** What a server's operator finds the request by. */
    readonly reference: string | undefined,
    readonly retryAfter: number | undefined,
  ) {
    super(message);
  }

  /** Whether the same request may succeed later without anybody changing anything. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

interface Options {
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Milliseconds until the server counts as silent. */
  patience?: number;
  /** Needs a sign-in of the last hour: asked for beforehand where it is known to be older. */
  strong?: boolean;
  /** false: a 401 is the answer, not a reason to ask for the password. */
  confirm?: boolean;
}

// The version stands here, so that addresses stay readable.
const accept = "application/json;api-version=7.1-preview.1";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Asks the server for what is at `path`, which begins below the base. Where the sign-in has ended, or is too old for
    this request, the password is asked for in place and the request is repeated. */
export async function request<Answer>(method: Method, path: string, options: Options = {}): Promise<Answer> {
  if (options.strong && isTooOld()) await confirmSignIn("tooOld");
  for (;;) {
    try {
      return await attempt<Answer>(method, path, options);
    } catch (error) {
      const reason = options.confirm === false ? undefined : reasonToConfirm(error);
      if (!reason || !(await confirmSignIn(reason))) throw error;
    }
  }
}

function reasonToConfirm(error: unknown): Reason | undefined {
  if (!(error instanceof Failure)) return undefined;
  if (error.status === 401) return "signedOut";
  return error.kind === "SignInTooOldException" ? "tooOld" : undefined;
}

async function attempt<Answer>(method: Method, path: string, { body, signal, patience = 10_000 }: Options): Promise<Answer> {
  const timeout = AbortSignal.timeout(patience);
  let response: Response;
  let text: string;
  try {
    response = await fetch(serverPath(path), {
      method,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      headers: body === undefined ? { Accept: accept } : { Accept: accept, "Content-Type": "application/json" },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) throw error;
    const message = timeout.aborted ? texts.errors.silent(patience / 1000) : texts.errors.unreachable;
    throw new Failure(message, 0, timeout.aborted ? "Silent" : "Unreachable", undefined, undefined, undefined);
  }
  const answer = response.status === 204 ? undefined : parse(text);
  if (!response.ok) throw refusal(response, answer);
  // A proxy's own page in the server's place, or an answer that was cut short.
  if (answer === garbled) throw new Failure(texts.errors.garbled, 0, "Garbled", undefined, response.headers.get("ActivityId") ?? undefined, undefined);
  return answer as Answer;
}

const garbled = Symbol("not JSON");

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return garbled;
  }
}

function refusal(response: Response, answer: unknown): Failure {
  const fields = (typeof answer === "object" && answer !== null ? answer : {}) as Record<string, unknown>;
  const word = (name: string) => (typeof fields[name] === "string" ? (fields[name] as string) : undefined);
  const seconds = Number(response.headers.get("Retry-After"));
  return new Failure(
    word("message") ?? texts.errors.status(response.status),
    response.status,
    word("typeKey") ?? "",
    word("field"),
    response.headers.get("ActivityId") ?? undefined,
    Number.isFinite(seconds) && seconds > 0 ? seconds : undefined,
  );
}

/** The sentence for any error at all. */
export function sentence(error: unknown): string {
  return error instanceof Failure ? error.message : texts.errors.unexpected;
}
