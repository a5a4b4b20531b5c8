// What goes wrong with a request: the server said no (`Problem`), or was not heard (`Unreachable`).

/** An answer that is not good: the dialect's envelope, with its stable code. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Seconds after which the same request may be repeated, where the server said so. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }

  static async of(response: Response): Promise<Problem> {
    const body: unknown = await response.json().catch(() => undefined);
    const text = (name: string) => {
      const value = body && typeof body === "object" ? (body as Record<string, unknown>)[name] : undefined;
      return typeof value === "string" ? value : undefined;
    };
    const wait = Number(response.headers.get("Retry-After"));
    return new Problem(
      response.status,
      text("error_code") ?? `http_${response.status}`,
      text("error") ?? response.statusText,
      Number.isFinite(wait) && wait > 0 ? wait : undefined,
    );
  }

  /** Nobody is signed in, or another person than this tab believes. */
  get needsSignIn(): boolean {
    return (this.status === 401 && SIGNED_OUT.has(this.code)) || this.code === "other_person";
  }

  /** The same request may succeed later, unchanged. */
  get passes(): boolean {
    return this.status === 429 || this.status === 408 || (this.status >= 500 && this.status !== 501);
  }
}

const SIGNED_OUT = new Set([
  "authorization_required",
  "token_not_specified",
  "revoked_token",
  "expired_token",
  "invalid_token",
  "session_ended",
]);

/** No answer came: no network, no server, or a connection that was cut. Whether a change took effect is not known. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";

  constructor(cause: unknown) {
    super("The server was not reached");
    this.cause = cause;
  }
}

/** Whether it is worth repeating the same request. */
export function passes(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Problem && error.passes);
}
