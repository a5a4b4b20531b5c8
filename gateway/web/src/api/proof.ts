// Some requests want a proof of the last minutes of who asks, or a second factor. It is asked for once, and what was refused is repeated.

export type Demand = "step_up_required" | "second_factor_required";

type Prover = (demand: Demand) => Promise<boolean>;

const STEP_UP = "/v4/session/step_up";

let prover: Prover | undefined;
let asking: Promise<boolean> | undefined;
/** How many times the session of this tab has gone on under a new cookie: the one of before is void. */
let cookies = 0;

/** Who asks the person for a proof; answers whether there is one. */
export function onDemand(next: Prover): () => void {
  prover = next;
  return () => {
    if (prover === next) prover = undefined;
  };
}

/** The session has gone on under a new cookie: what was under way with the old one is repeated. */
export function cookieRenewed(): void {
  cookies += 1;
}

/** Sends a request, and once more where a proof was asked for and given. */
export async function sendProved(
  request: Request,
  send: (request: Request) => Promise<Response>,
): Promise<Response> {
  const again = request.clone();
  const before = cookies;
  const response = await send(request);
  if (response.status === 401 && cookies !== before) return send(again);
  // The proof itself is not asked to be proved.
  if (response.status !== 403 || !prover || new URL(request.url).pathname === STEP_UP) return response;
  const demand = await demandOf(response);
  if (!demand) return response;
  asking ??= prover(demand).finally(() => {
    asking = undefined;
  });
  return (await asking) ? send(again) : response;
}

async function demandOf(response: Response): Promise<Demand | undefined> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  const code = body && typeof body === "object" ? (body as { error_code?: unknown }).error_code : undefined;
  return code === "step_up_required" || code === "second_factor_required" ? code : undefined;
}
