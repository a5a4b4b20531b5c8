// Recovery codes, shown this once: to be printed, or kept where passwords are.

import { Download, Printer } from "lucide-react";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { CopyButton } from "~/ui/Secret";
import css from "./factors.module.css";
import { save } from "./save";

export function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const t = useT();
  const text = codes.join("\n");
  return (
    <div className={css.steps}>
      <p>{t.factors.codesHint}</p>
      <ul className={css.codes} aria-label={t.factors.codes}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className={css.buttons}>
        <CopyButton text={text} />
        <Button
          icon={<Download size={15} />}
          onClick={() => save("nashi-recovery-codes.txt", `${t.factors.codes}\n\n${text}\n`)}
        >
          {t.factors.download}
        </Button>
        <Button icon={<Printer size={15} />} onClick={() => print(t.factors.codes, codes)}>
          {t.factors.print}
        </Button>
      </div>
    </div>
  );
}

/** Prints nothing but the codes. */
function print(title: string, codes: readonly string[]): void {
  const sheet = document.createElement("iframe");
  Object.assign(sheet.style, { position: "fixed", width: "0", height: "0", border: "0" });
  sheet.title = title;
  document.body.append(sheet);
  const page = sheet.contentDocument;
  if (!page) return;
  page.title = title;
  const heading = page.createElement("h1");
  heading.textContent = `Nashi · ${title} · ${location.host}`;
  const list = page.createElement("pre");
  list.textContent = codes.join("\n");
  page.body.append(heading, list);
  sheet.contentWindow?.addEventListener("afterprint", () => sheet.remove());
  sheet.contentWindow?.print();
}
