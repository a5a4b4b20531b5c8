// The colours of lists. They are kept as words, or as others write them (`#ff0000`); what is neither is no colour.

export const COLORS = ["green", "blue", "orange", "red", "violet", "teal", "yellow", "pink"] as const;

export function colorOf(color: string | null | undefined): string | undefined {
  if (!color) return undefined;
  const text = color.trim().toLowerCase();
  if (/^#([0-9a-f]{3}|[0-9a-f]{6})$/.test(text)) return text;
  return COLORS.some((known) => known === text) ? `var(--list-${text})` : undefined;
}
