// Numbers as people type and paste them.

/** A number as the dialect writes it, of what a person types or pastes: spaces go, a lone comma is the point. */
export function asDigits(typed: string): string {
  const bare = typed.replace(/[\s\u00a0\u202f']/g, "");
  const commas = bare.split(",").length - 1;
  if (commas === 1 && !bare.includes(".")) return bare.replace(",", ".");
  // 1,200.50: commas before the point group.
  if (commas > 0 && bare.lastIndexOf(",") < bare.indexOf(".")) return bare.replaceAll(",", "");
  return bare;
}
