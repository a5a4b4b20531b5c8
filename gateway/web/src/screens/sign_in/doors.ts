// The addresses that let somebody in: those of the links that the product prints and mails (gateway/src/links.rs). What is secret in
// them stands behind the `#`, which no server sees. Pure.

export type Door =
  | { to: "password_reset"; token: string }
  | { to: "invitation"; token: string }
  | { to: "set_up"; token: string };

const DOORS = ["password_reset", "invitation", "set_up"] as const;

/** Where an address leads besides the app itself. */
export function doorOf(path: string, hash: string): Door | undefined {
  const to = DOORS.find((door) => path === `/${door}` || path === `/${door}/`);
  if (!to) return undefined;
  return { to, token: partOf(hash, "token") };
}

/** A part of what stands behind the `#`, such as `id` in `#id=…`; empty where it is not there. */
export function partOf(hash: string, name: string): string {
  return new URLSearchParams(hash.replace(/^#/, "")).get(name)?.trim() ?? "";
}

/** A token by itself, or out of the whole link that somebody pasted. */
export function tokenIn(text: string): string {
  const trimmed = text.trim();
  const hash = trimmed.indexOf("#");
  return hash < 0 ? trimmed : partOf(trimmed.slice(hash), "token");
}
