import css from "./FormTile.module.css";

const COLOURS = 6;

/** A form at a glance: its first letters on a colour that is always the same. */
export function FormTile({ form, size = "m" }: { form: { id: number; name: string }; size?: "s" | "m" }) {
  const words = form.name.split(/\s+/).filter(Boolean);
  const letters = [words[0], words[1]].map((word) => [...(word ?? "")][0] ?? "").join("");
  return (
    <span className={`${css.tile} ${css[size]} ${css[`c${Math.abs(form.id) % COLOURS}`]}`} aria-hidden="true">
      {letters.toLocaleUpperCase() || "?"}
    </span>
  );
}
