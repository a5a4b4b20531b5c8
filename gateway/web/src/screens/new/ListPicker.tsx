import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, good } from "~/api/client";
import { useT } from "~/i18n";
import { Picker } from "~/ui/Picker";

interface Listed {
  id: number;
  name: string;
  deleted?: boolean;
  children?: Listed[] | null;
}

const FOUND_MAX = 50;

/** Lists that a task lies in, by the words of their names. */
export function ListPicker({ value, onChange }: { value: number[]; onChange: (ids: number[]) => void }) {
  const t = useT();
  const [text, setText] = useState("");
  const { data } = useQuery({ queryKey: ["lists"], queryFn: () => good(api.GET("/v4/lists")) });
  const all = flat((data?.lists ?? []) as unknown as Listed[]);
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const found = all.filter(({ name, path }) =>
    words.every((word) => `${path} ${name}`.toLocaleLowerCase().includes(word)),
  );
  return (
    <Picker
      label={t.forms.lists}
      multiple
      stays
      text={text}
      onText={setText}
      chosen={value.map((id) => ({ id, name: all.find((list) => list.id === id)?.name ?? `№ ${id}` }))}
      found={found.slice(0, FOUND_MAX).map(({ id, name, path }) => ({ id, name, note: path || undefined }))}
      none={t.fields.nothingFound}
      placeholder={t.forms.chooseLists}
      onChange={onChange}
    />
  );
}

function flat(lists: Listed[], path = ""): { id: number; name: string; path: string }[] {
  return lists
    .filter(({ deleted }) => !deleted)
    .flatMap(({ id, name, children }) => [
      { id, name, path },
      ...flat(children ?? [], path ? `${path} / ${name}` : name),
    ]);
}
