// Passkeys, as the browser keeps them: challenges of the server answered by `navigator.credentials`.

import { api, good } from "./client";

/** What a request holds that shows a passkey. */
export interface PasskeyAnswer {
  ticket: string;
  credential: Record<string, never>;
}

/** The person closed the browser's own dialog, or it has none of their passkeys. */
export class NoPasskey extends Error {
  override readonly name = "NoPasskey";

  constructor(
    /** The browser refuses: the address is not the one that the passkeys are for, or it keeps none at all. */
    readonly refused: boolean,
    cause?: unknown,
  ) {
    super("No passkey was shown");
    this.cause = cause;
  }
}

export const passkeysWork = (): boolean =>
  typeof PublicKeyCredential !== "undefined" &&
  typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function";

interface Options<T> {
  publicKey: T;
}

/** Asks for any passkey of whoever sits here. */
export async function showPasskey(): Promise<PasskeyAnswer> {
  const challenge = await good(api.POST("/v4/sessions/passkey"));
  const options = challenge.options as unknown as Options<PublicKeyCredentialRequestOptionsJSON>;
  const credential = await asking(() =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey),
    }),
  );
  return { ticket: challenge.ticket, credential };
}

/** Has the browser make a passkey for the account that is signed in. */
export async function makePasskey(): Promise<PasskeyAnswer> {
  const challenge = await good(api.POST("/v4/account/passkeys"));
  const options = challenge.options as unknown as Options<PublicKeyCredentialCreationOptionsJSON>;
  const credential = await asking(() =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey),
    }),
  );
  return { ticket: challenge.ticket, credential };
}

async function asking(ask: () => Promise<Credential | null>): Promise<PasskeyAnswer["credential"]> {
  let credential: Credential | null;
  try {
    credential = await ask();
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    throw new NoPasskey(name !== "NotAllowedError" && name !== "AbortError", error);
  }
  if (!(credential instanceof PublicKeyCredential)) throw new NoPasskey(false);
  return credential.toJSON() as PasskeyAnswer["credential"];
}
