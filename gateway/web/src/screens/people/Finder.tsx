import { Search } from "lucide-react";
import type { Ref } from "react";
import css from "./People.module.css";

/** A box that narrows what is below it, and says to how many. */
export function Finder({
  label,
  hint,
  value,
  onChange,
  count,
  ref,
}: {
  label: string;
  hint: string;
  value: string;
  onChange: (text: string) => void;
  count: string;
  ref?: Ref<HTMLInputElement>;
}) {
  return (
    <div className={css.finder}>
      <Search size={16} aria-hidden="true" />
      <input
        ref={ref}
        type="search"
        aria-label={label}
        placeholder={hint}
        value={value}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => onChange(target.value)}
      />
      <span role="status">{count}</span>
    </div>
  );
}
