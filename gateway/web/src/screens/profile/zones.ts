// The time zones that the browser knows, and the one that is chosen although it does not. Pure.

export function zones(chosen?: string): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return chosen && !known.includes(chosen) ? [chosen, ...known] : known;
}

/** The zone of this device. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "Etc/UTC";
