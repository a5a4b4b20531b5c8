// A field as it will look to whoever fills in the form; nothing in it can be pressed.

import { CalendarDays, ChevronDown, Clock, Paperclip, Phone, User } from "lucide-react";
import { useT } from "~/i18n";
import type { Field } from "../model/doc";
import css from "./Preview.module.css";

/** Choices that are shown one by one. */
const CHOICES_SHOWN = 6;

export function Preview({ field, cell }: { field: Field; cell?: boolean }) {
  const { designer: t, common } = useT();
  const box = (text: React.ReactNode, icon?: React.ReactNode, classes = "") => (
    <div className={`${css.box} ${classes}`} aria-hidden="true">
      <span>{text}</span>
      {icon}
    </div>
  );
  const given = field.default_value;
  switch (field.type) {
    case "note":
      return <p className={css.note}>{field.tooltip || field.name}</p>;
    case "checkmark":
      return (
        <div className={css.check} aria-hidden="true">
          <i className={given === "checked" ? css.set : ""} />
          {common.yes}
        </div>
      );
    case "flag":
      return (
        <div className={css.flag} aria-hidden="true">
          <span>{common.yes}</span>
          <span>{common.no}</span>
        </div>
      );
    case "multiple_choice": {
      const options = field.options ?? [];
      if (cell || options.length > CHOICES_SHOWN)
        return box(given ?? options[0]?.choice_value, <ChevronDown />);
      return (
        <ul className={css.choices} aria-hidden="true">
          {options.map((choice) => (
            <li key={choice.key} className={given === choice.choice_value ? css.chosen : ""}>
              <i className={field.multiple ? css.square : css.round} />
              <span>{choice.choice_value || t.unnamed}</span>
            </li>
          ))}
        </ul>
      );
    }
    case "date":
    case "due_date":
    case "due_date_time":
      return box(given ?? "—", <CalendarDays />, css.short);
    case "time":
      return box(given ?? "—", <Clock />, css.short);
    case "number":
    case "money":
      return box(
        given ?? (field.decimal_places ? `0.${"0".repeat(field.decimal_places)}` : "0"),
        undefined,
        css.short,
      );
    case "person":
      return box(given, <User />);
    case "catalog":
    case "form_link":
      return box(given, <ChevronDown />);
    case "phone":
      return box(given, <Phone />, css.short);
    case "file":
      return (
        <div className={css.file} aria-hidden="true">
          <Paperclip />
          <span>{t.types.file?.[0]}</span>
        </div>
      );
    case "author":
    case "creation_date":
    case "step":
    case "status":
      return <p className={css.told}>{t.types[field.type]?.[1]}</p>;
    default:
      return box(given, undefined, field.multiline ? css.tall : "");
  }
}
