// The task of another form that a step opens, and what goes along and comes back.

import { useQuery } from "@tanstack/react-query";
import { ArrowRight, Plus, X } from "lucide-react";
import type { TemplateField } from "~/api/types";
import { useT } from "~/i18n";
import { Button, IconButton } from "~/ui/Button";
import { Checkbox, Select } from "~/ui/Field";
import { useDesigning } from "../context";
import { placed } from "../model/doc";
import type { Pair, Subprocess } from "../model/wire";
import { formQuery, formsQuery } from "../queries";
import css from "./RouteTab.module.css";

interface Coded {
  code: string;
  name: string;
}

interface Props {
  value: Subprocess | undefined;
  error?: string;
  onChange: (value: Subprocess | undefined) => void;
}

export function SubprocessEditor({ value, error, onChange }: Props) {
  const { designer: t, common } = useT();
  const { doc } = useDesigning();
  const { data } = useQuery(formsQuery);
  const target = useQuery({ ...formQuery(value?.form_id ?? 0), enabled: Boolean(value?.form_id) });
  const own: Coded[] = placed(doc).flatMap(({ field, place }) =>
    field.code && place.in !== "table" ? [{ code: field.code, name: field.name }] : [],
  );
  const theirs = coded(target.data?.fields ?? []);
  return (
    <div className={css.pairs}>
      <Select
        label={t.subprocess}
        error={error}
        value={value?.form_id ?? ""}
        onChange={({ target: { value: id } }) =>
          onChange(id === "" ? undefined : { ...value, form_id: Number(id) })
        }
      >
        <option value="">{common.no}</option>
        {(data?.forms ?? []).map((form) => (
          <option key={form.id} value={form.id}>
            {form.name}
          </option>
        ))}
      </Select>
      {value && (
        <>
          <Checkbox
            label={t.subprocessWait}
            checked={value.wait ?? false}
            onChange={({ target: { checked } }) => onChange({ ...value, wait: checked || undefined })}
          />
          <Checkbox
            label={t.subprocessKeep}
            checked={value.keep_open ?? false}
            onChange={({ target: { checked } }) => onChange({ ...value, keep_open: checked || undefined })}
          />
          <Pairs
            label={t.subprocessFields}
            pairs={value.fields}
            from={own}
            to={theirs}
            onChange={(fields) => onChange({ ...value, fields })}
          />
          <Pairs
            label={t.subprocessResults}
            pairs={value.results}
            from={theirs}
            to={own}
            onChange={(results) => onChange({ ...value, results })}
          />
        </>
      )}
    </div>
  );
}

function coded(fields: TemplateField[]): Coded[] {
  return fields.flatMap((field) => [
    ...(field.code ? [{ code: field.code, name: field.name }] : []),
    ...coded(field.info.fields ?? []),
    ...(field.info.options ?? []).flatMap((option) => coded(option.fields ?? [])),
  ]);
}

function Pairs(props: {
  label: string;
  pairs: Pair[] | undefined;
  from: Coded[];
  to: Coded[];
  onChange: (pairs: Pair[] | undefined) => void;
}) {
  const { designer: t, common } = useT();
  const { pairs, from, to, onChange } = props;
  const side = (label: string, value: string, among: Coded[], choose: (code: string) => void) => (
    <Select bare label={label} value={value} onChange={({ target }) => choose(target.value)}>
      {!among.some(({ code }) => code === value) && <option value={value}>{value || "—"}</option>}
      {among.map(({ code, name }) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </Select>
  );
  return (
    <div className={css.pairs}>
      <Select
        label={props.label}
        value={pairs ? "chosen" : "equal"}
        onChange={({ target }) => onChange(target.value === "equal" ? undefined : [])}
      >
        <option value="equal">{t.subprocessEqual}</option>
        <option value="chosen">{t.subprocessChosen}</option>
      </Select>
      {pairs?.map((pair, index) => {
        const put = (next: Pair) => onChange(pairs.map((one, at) => (at === index ? next : one)));
        return (
          <div key={index} className={css.pair}>
            {side(t.pairFrom, pair.from, from, (code) => put({ ...pair, from: code }))}
            <ArrowRight size={14} aria-hidden="true" />
            {side(t.pairTo, pair.to, to, (code) => put({ ...pair, to: code }))}
            <IconButton label={common.remove} onClick={() => onChange(pairs.filter((_, at) => at !== index))}>
              <X size={15} />
            </IconButton>
          </div>
        );
      })}
      {pairs && (
        <div>
          <Button
            size="s"
            kind="quiet"
            icon={<Plus size={15} />}
            disabled={from.length === 0 || to.length === 0}
            onClick={() => onChange([...pairs, { from: from[0]?.code ?? "", to: to[0]?.code ?? "" }])}
          >
            {t.addPair}
          </Button>
        </div>
      )}
    </div>
  );
}
