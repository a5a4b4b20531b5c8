// Something shown this once: to be copied, and then gone.

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useT } from "~/i18n";
import { Button } from "./Button";
import css from "./Secret.module.css";

/** Copies a text; where the browser forbids it, whoever asked sees no tick and selects by hand. */
export function CopyButton({ text, label, size }: { text: string; label?: string; size?: "s" | "m" }) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  return (
    <Button
      size={size}
      icon={copied ? <Check size={15} /> : <Copy size={15} />}
      onClick={() => {
        void navigator.clipboard?.writeText(text).then(
          () => {
            setCopied(true);
            setTimeout(() => setCopied(false), 2_000);
          },
          () => undefined,
        );
      }}
    >
      <span aria-live="polite">{copied ? t.common.copied : (label ?? t.common.copy)}</span>
    </Button>
  );
}

export function Secret({ text, label }: { text: string; label: string }) {
  return (
    <div className={css.secret}>
      <span className="hidden">{label}</span>
      <code className={css.text}>{text}</code>
      <CopyButton text={text} />
    </div>
  );
}
