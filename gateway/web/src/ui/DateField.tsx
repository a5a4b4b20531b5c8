// A day, or a day with its time, as the browser's own control asks for it: the one that every phone has learnt.

import type { Labelled } from "./Field";
import { TextField } from "./Field";

interface Props extends Labelled {
  /** `YYYY-MM-DD`, or with `time` a moment in UTC. */
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  time?: boolean;
  min?: string;
  max?: string;
  disabled?: boolean;
  autoFocus?: boolean;
}

export function DateField({ value, onChange, time, ...rest }: Props) {
  const shown = time && value ? localOf(value) : (value ?? "");
  return (
    <TextField
      {...rest}
      type={time ? "datetime-local" : "date"}
      value={shown}
      onChange={({ target }) =>
        onChange(target.value === "" ? undefined : time ? utcOf(target.value) : target.value)
      }
    />
  );
}

/** A moment in UTC as the local control writes it. */
export function localOf(moment: string): string {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return "";
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** What the local control says, as the dialect writes moments. */
export function utcOf(local: string): string | undefined {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? undefined : `${date.toISOString().slice(0, 19)}Z`;
}
