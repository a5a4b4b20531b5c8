// A condition, in rows as long as rows can say it, else as text. Empty means always.

import { Code, Plus, Rows3, Split, Trash2, X } from "lucide-react";
import { useState } from "react";
import { tried } from "~/expression/parse";
import { printField } from "~/expression/print";
import type { FieldRef, Literal } from "~/expression/tree";
import { useT } from "~/i18n";
import { Button, IconButton } from "~/ui/Button";
import { Select } from "~/ui/Field";
import { useDesigning } from "../context";
import { named, refTo } from "../model/check";
import {
  type Group,
  isGroup,
  operatorsFor,
  type Row,
  rowsOf,
  sourceOf,
  takesValues,
} from "../model/condition";
import { type Field, find, type Placed, placed } from "../model/doc";
import * as edit from "../model/edit";
import css from "./conditions.module.css";
import { ColumnSelect, FieldSelect } from "./FieldSelect";
import { SourceEditor } from "./SourceEditor";
import { ValueInput } from "./ValueInput";

interface Props {
  source: string | undefined;
  onChange: (source: string | undefined) => void;
  error?: string;
  /** The field whose condition it is. */
  without?: string;
  /** What stands where there is none. */
  add?: string;
}

export function ConditionEditor({ source, onChange, error, without, add }: Props) {
  const { designer: t } = useT();
  // Rows that say nothing yet are not in the source: they live here while one fills them in.
  const [draft, setDraft] = useState<{ group: Group; said: string }>();
  const [asText, setAsText] = useState(false);
  const { node } = source ? tried(source) : {};
  const read = node && rowsOf(node);
  const group = draft && draft.said === (source ?? "") ? draft.group : read;
  const set = (next: Group) => {
    const said = sourceOf(next);
    setDraft({ group: next, said });
    if (said !== (source ?? "")) onChange(said || undefined);
  };
  if (!source && !group && !asText) {
    return (
      <div className={css.foot}>
        <AddRow
          label={add ?? t.addCondition}
          without={without}
          onAdd={(row) => set({ join: "all", parts: [row] })}
        />
        <Button size="s" kind="quiet" icon={<Code size={15} />} onClick={() => setAsText(true)}>
          {t.asText}
        </Button>
      </div>
    );
  }
  const clear = () => {
    setDraft(undefined);
    setAsText(false);
    onChange(undefined);
  };
  if (asText || !group) {
    return (
      <div className={css.condition}>
        <SourceEditor
          label={t.condition}
          source={source ?? ""}
          error={error}
          hint={source && node && !read ? t.asTextHint : undefined}
          without={without}
          onChange={(text) => onChange(text || undefined)}
        />
        <div className={css.foot}>
          {(!source || read) && (
            <Button size="s" kind="quiet" icon={<Rows3 size={15} />} onClick={() => setAsText(false)}>
              {t.asRows}
            </Button>
          )}
          <Button size="s" kind="quiet" icon={<Trash2 size={15} />} onClick={clear}>
            {t.removeCondition}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className={css.condition}>
      <GroupRows group={group} without={without} onChange={set} onEmpty={clear} />
      {error && (
        <p className={css.error} role="alert">
          {error}
        </p>
      )}
      <div className={css.foot}>
        <AddRow
          label={t.addCondition}
          without={without}
          onAdd={(row) => set({ ...group, parts: [...group.parts, row] })}
        />
        {group.parts.length > 0 && (
          <AddRow
            label={t.addGroup}
            icon={<Split size={15} />}
            without={without}
            onAdd={(row) =>
              set({
                ...group,
                parts: [...group.parts, { join: group.join === "all" ? "any" : "all", parts: [row] }],
              })
            }
          />
        )}
        <Button size="s" kind="quiet" icon={<Code size={15} />} onClick={() => setAsText(true)}>
          {t.asText}
        </Button>
      </div>
    </div>
  );
}

/** A button that begins a row with the likeliest field. */
function AddRow(props: {
  label: string;
  icon?: React.ReactNode;
  without?: string;
  onAdd: (row: Row) => void;
}) {
  const { doc, ids, design } = useDesigning();
  const ask = useAsk(props.without);
  const first = ask[0];
  return (
    <Button
      size="s"
      kind="quiet"
      icon={props.icon ?? <Plus size={15} />}
      disabled={!first}
      onClick={() => {
        if (!first) return;
        const field = reference(first.field, ids, (code) =>
          design.edit((now) => edit.change(now, first.field.key, { code })),
        )(doc);
        props.onAdd({ field, operator: operatorsFor(first, false)[0] ?? "is", values: [] });
      }}
    >
      {props.label}
    </Button>
  );
}

/** How a field is named; one that has neither a code nor an id yet is given a code. */
export const reference =
  (field: Field, ids: ReadonlyMap<string, number>, give: (code: string) => void) =>
  (doc: Parameters<typeof edit.freeCode>[0]): FieldRef => {
    const known = refTo(field, ids);
    if (known) return known;
    const code = edit.freeCode(doc, field.name);
    give(code);
    return { code };
  };

/** Fields that a condition may ask about. */
export function useAsk(without: string | undefined): Placed[] {
  const { doc } = useDesigning();
  return placed(doc).filter(({ field }) => field.key !== without && field.type !== "note");
}

function GroupRows(props: {
  group: Group;
  without?: string;
  onChange: (group: Group) => void;
  onEmpty: () => void;
}) {
  const { designer: t } = useT();
  const { group, without, onChange, onEmpty } = props;
  const put = (index: number, part: Row | Group | undefined) => {
    const parts = group.parts.flatMap((one, at) => (at === index ? (part ? [part] : []) : [one]));
    if (parts.length === 0) onEmpty();
    else onChange({ ...group, parts });
  };
  return (
    <div className={css.group}>
      {group.parts.length > 1 && (
        <Select
          bare
          label={t.condition}
          value={group.join}
          onChange={({ target }) => onChange({ ...group, join: target.value as Group["join"] })}
        >
          <option value="all">{t.all}</option>
          <option value="any">{t.any}</option>
        </Select>
      )}
      {group.parts.map((part, index) =>
        isGroup(part) ? (
          <div key={index} className={css.inner}>
            <GroupRows
              group={part}
              without={without}
              onChange={(next) => put(index, next)}
              onEmpty={() => put(index, undefined)}
            />
            <AddRow
              label={t.addCondition}
              without={without}
              onAdd={(row) => put(index, { ...part, parts: [...part.parts, row] })}
            />
          </div>
        ) : (
          <RowEditor
            key={index}
            row={part}
            without={without}
            onChange={(next) => put(index, next)}
            onRemove={() => put(index, undefined)}
          />
        ),
      )}
    </div>
  );
}

function RowEditor(props: {
  row: Row;
  without?: string;
  onChange: (row: Row) => void;
  onRemove: () => void;
}) {
  const { designer: t, common } = useT();
  const { doc, ids, design } = useDesigning();
  const { row, without, onChange } = props;
  const field = named(doc, ids, row.field);
  const at = field && find(doc, field.key);
  const column = row.field.column;
  const operators = at ? operatorsFor(at, column !== undefined) : [row.operator];
  const isDate =
    field &&
    column === undefined &&
    ["date", "due_date", "due_date_time", "creation_date"].includes(field.type);
  const choose = (key: string) => {
    const next = find(doc, key);
    if (!next) return;
    const ref = reference(next.field, ids, (code) => design.edit((now) => edit.change(now, key, { code })))(
      doc,
    );
    const allowed = operatorsFor(next, false);
    const operator = allowed.includes(row.operator) ? row.operator : (allowed[0] ?? "is");
    onChange({ field: ref, operator, values: [] });
  };
  return (
    <div className={css.row}>
      <div className={css.asked}>
        <FieldSelect
          label={t.field}
          value={field?.key}
          unknown={field ? undefined : printField(row.field)}
          without={without}
          onChange={choose}
        />
        <IconButton label={common.remove} onClick={props.onRemove}>
          <X size={15} />
        </IconButton>
      </div>
      {field?.type === "catalog" && (
        <ColumnSelect
          field={field}
          value={column}
          onChange={(name) => {
            const ref: FieldRef = { ...row.field, column: name };
            const allowed = operatorsFor({ field, place: at?.place ?? { in: "root" } }, name !== undefined);
            const operator = allowed.includes(row.operator) ? row.operator : (allowed[0] ?? "is");
            onChange({ field: ref, operator, values: [] });
          }}
        />
      )}
      <div className={css.compared}>
        <Select
          bare
          label={t.operator}
          value={row.operator}
          onChange={({ target }) => {
            const operator = target.value as Row["operator"];
            const takes = takesValues(operator);
            const values = takes === "none" ? [] : takes === "one" ? row.values.slice(0, 1) : row.values;
            onChange({ ...row, operator, values });
          }}
        >
          {(operators.includes(row.operator) ? operators : [row.operator, ...operators]).map((one) => (
            <option key={one} value={one}>
              {(isDate && t.dateOperators[one]) || t.operators[one]}
            </option>
          ))}
        </Select>
        {takesValues(row.operator) !== "none" && (
          <ValueInput
            field={field}
            column={column}
            many={takesValues(row.operator) === "many"}
            values={row.values}
            onChange={(values: Literal[]) => onChange({ ...row, values })}
          />
        )}
      </div>
    </div>
  );
}
