import { useT } from "~/i18n";
import css from "./Keys.module.css";
import { keysOf } from "./matching";

const mac = navigator.platform.startsWith("Mac");

/** Keys as they are pressed: together, or one after the other. */
export function Keys({ keys }: { keys: string }) {
  const t = useT();
  return (
    <span className={css.keys}>
      {keysOf(keys, mac).map((press, index) => (
        <span key={index} className={css.press}>
          {index > 0 && <small>{t.palette.thenPress}</small>}
          {press.map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
        </span>
      ))}
    </span>
  );
}
