// What a field is computed from.

import { Sigma, Trash2 } from "lucide-react";
import { useState } from "react";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import css from "./conditions.module.css";
import { SourceEditor } from "./SourceEditor";

interface Props {
  source: string | undefined;
  onChange: (source: string | undefined) => void;
  error?: string;
  without?: string;
}

export function FormulaEditor({ source, onChange, error, without }: Props) {
  const { designer: t } = useT();
  const [open, setOpen] = useState(Boolean(source));
  if (!open && !source) {
    return (
      <div className={css.foot}>
        <Button size="s" kind="quiet" icon={<Sigma size={15} />} onClick={() => setOpen(true)}>
          {t.compute}
        </Button>
      </div>
    );
  }
  return (
    <div className={css.condition}>
      <SourceEditor
        label={t.formula}
        source={source ?? ""}
        error={error}
        hint={t.formulaHint}
        placeholder={t.formulaExamples}
        without={without}
        onChange={(text) => onChange(text || undefined)}
      />
      <div className={css.foot}>
        <Button
          size="s"
          kind="quiet"
          icon={<Trash2 size={15} />}
          onClick={() => {
            setOpen(false);
            onChange(undefined);
          }}
        >
          {t.removeCondition}
        </Button>
      </div>
    </div>
  );
}
