// For which reasons something comes by which channel. The API keeps what does not come. Pure.

export const CHANNELS = ["web", "mail", "push"] as const;
export const REASONS = [
  "mentioned",
  "approval",
  "assigned",
  "acknowledgement",
  "reminder",
  "overdue",
  "due",
  "returned",
  "comment",
  "added",
  "finished",
  "followed",
  "announcement",
] as const;

export type Channel = (typeof CHANNELS)[number];
export type Reason = (typeof REASONS)[number];
export type Silent = Record<string, string[]>;

export const comes = (silent: Silent, channel: Channel, reason: Reason): boolean =>
  !silent[channel]?.includes(reason);

/** The same with one turned on or off. Reasons that this app does not know stay as they are. */
export function turned(silent: Silent, channel: Channel, reason: Reason): Silent {
  const now = silent[channel] ?? [];
  const next = now.includes(reason) ? now.filter((other) => other !== reason) : [...now, reason];
  return { ...silent, [channel]: next };
}
