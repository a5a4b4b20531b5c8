// Tasks of a form that a field links to, found by the words of their titles and texts.

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { api, good } from "~/api/client";
import type { Task } from "~/api/types";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { Picker } from "~/ui/Picker";
import type { Input } from "./values";

const FOUND_MAX = 20;

interface Props {
  label: string;
  hint?: string;
  error?: string;
  required?: boolean;
  bare?: boolean;
  /** Whose tasks; any tasks where none is named. */
  form?: number;
  multiple?: boolean;
  value: Extract<Input, { kind: "tasks" }> | undefined;
  onChange: (value: Input | undefined) => void;
  disabled?: boolean;
  autoFocus?: boolean;
  placeholder?: string;
}

export function TaskPicker({ form, multiple, value, onChange, ...rest }: Props) {
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  const [text, setText] = useState("");
  const asked = useDeferredValue(text.trim());
  const { data, isPending } = useQuery({
    queryKey: ["tasks_found", form ?? 0, asked],
    meta: { kept: false },
    placeholderData: keepPreviousData,
    queryFn: () => found(form, asked),
    enabled: form !== undefined || asked !== "",
  });
  const names = new Map((data ?? []).map((task) => [task.id, task.text || t.fields.task(task.id)]));
  const name = (id: number, at: number) =>
    names.get(id) ?? (at === 0 && value?.subject ? value.subject : t.fields.task(id));
  const ids = value?.ids ?? [];
  return (
    <Picker
      placeholder={t.fields.searchTasks}
      {...rest}
      multiple={multiple}
      stays
      text={text}
      onText={setText}
      chosen={ids.map((id, at) => ({ id, name: name(id, at) }))}
      found={(data ?? []).map((task) => ({
        id: task.id,
        name: task.text || t.fields.task(task.id),
        note: `№ ${task.id} · ${format.person(directory.get(task.author.id) ?? task.author)}`,
      }))}
      none={
        isPending && asked !== "" ? t.common.loading : asked ? t.fields.nothingFound : t.fields.searchTasks
      }
      onChange={(next) => {
        const [only] = next;
        const subject = only === undefined ? undefined : (names.get(only) ?? value?.subject);
        onChange(
          next.length === 0 ? undefined : { kind: "tasks", ids: next, ...(subject ? { subject } : {}) },
        );
      }}
    />
  );
}

interface Hit {
  id: number;
  title: string;
  author_id: number;
}

type Found = Pick<Task, "id" | "text" | "author">[];

async function found(form: number | undefined, words: string): Promise<Found> {
  if (form !== undefined) {
    const query = {
      item_count: FOUND_MAX,
      include_archived: true,
      ...(words ? { include_text: words } : {}),
    };
    const answer = await good(api.GET("/v4/forms/{id}/register", { params: { path: { id: form }, query } }));
    return (answer.tasks ?? []) as unknown as Found;
  }
  const query = { q: words, kind: "task", item_count: FOUND_MAX };
  const answer = await good(api.GET("/v4/search", { params: { query } }));
  return ((answer.results ?? []) as unknown as Hit[]).map(({ id, title, author_id }) => ({
    id,
    text: title,
    author: { id: author_id, type: "user" },
  }));
}
