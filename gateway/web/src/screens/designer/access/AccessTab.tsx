// Who may do what with the form, whose it is, and where it lies.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { X } from "lucide-react";
import { useDeferredValue, useRef, useState } from "react";
import { api, good } from "~/api/client";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { Avatar } from "~/ui/Avatar";
import { Button, IconButton } from "~/ui/Button";
import { Select, TextField } from "~/ui/Field";
import { PersonPicker } from "~/ui/PersonPicker";
import { ProblemNote } from "~/ui/ProblemNote";
import { useDesigning } from "../context";
import { foldersOf } from "../folders";
import { formQuery } from "../queries";
import css from "./AccessTab.module.css";

const LEVELS = ["administrator", "manager", "restricted_manager", "member"] as const;

export default function AccessTab() {
  return (
    <div className={css.tab}>
      <Settings />
      <Levels />
    </div>
  );
}

function Settings() {
  const { designer: t, common } = useT();
  const { form } = useDesigning();
  const cache = useQueryClient();
  const [name, setName] = useState(form.name);
  const [folder, setFolder] = useState((form.folder ?? []).join(" / "));
  const [owners, setOwners] = useState(form.business_owners ?? []);
  const save = useMutation({
    mutationFn: () =>
      good(
        api.PUT("/v4/forms/{id}", {
          params: { path: { id: form.id } },
          body: { name: name.trim(), folder: foldersOf(folder), business_owners: owners },
        }),
      ),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: formQuery(form.id).queryKey });
      await cache.invalidateQueries({ queryKey: ["forms"] });
    },
  });
  const same =
    name.trim() === form.name &&
    foldersOf(folder).join("/") === (form.folder ?? []).join("/") &&
    owners.join() === (form.business_owners ?? []).join();
  return (
    <form
      className={css.part}
      onSubmit={(event) => {
        event.preventDefault();
        if (!same && name.trim()) save.mutate();
      }}
    >
      <h2>{t.settings}</h2>
      <ProblemNote error={save.error} />
      <TextField
        label={t.formName}
        required
        maxLength={200}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <TextField
        label={t.folder}
        hint={t.folderHint}
        value={folder}
        onChange={({ target }) => setFolder(target.value)}
      />
      <div>
        <PersonPicker multiple label={t.owners} value={owners} onChange={setOwners} />
        <p className={css.hint}>{t.ownersHint}</p>
      </div>
      <div>
        <Button type="submit" kind="primary" busy={save.isPending} disabled={same || !name.trim()}>
          {common.save}
        </Button>
      </div>
    </form>
  );
}

function Levels() {
  const { designer: t, common } = useT();
  const format = useFormat();
  const directory = useDirectory();
  const { form } = useDesigning();
  const cache = useQueryClient();
  const key = ["form_permissions", form.id];
  const { data, error } = useQuery({
    queryKey: key,
    queryFn: () => good(api.GET("/v4/forms/{id}/permissions", { params: { path: { id: form.id } } })),
    meta: { kept: false },
  });
  const [text, setText] = useState("");
  const [people, setPeople] = useState<number[]>([]);
  const [level, setLevel] = useState<string>("member");
  const asked = useDeferredValue(text.trim().toLocaleLowerCase());
  const scroll = useRef<HTMLDivElement>(null);
  const permit = useMutation({
    mutationFn: (permissions: Record<string, string>) =>
      good(
        api.POST("/v4/forms/{id}/permissions", {
          params: { path: { id: form.id } },
          body: { permissions: permissions as unknown as Record<string, never> },
        }),
      ),
    onSuccess: (answer) => {
      cache.setQueryData(key, answer);
      setPeople([]);
    },
  });
  const rank = (word: string) => (LEVELS as readonly string[]).indexOf(word);
  const rows = Object.entries((data?.permissions ?? {}) as Record<string, string>)
    .map(([id, word]) => {
      const person = directory.get(Number(id)) ?? {
        id: Number(id),
        first_name: t.idOf(Number(id)),
        type: "user",
      };
      return { id: Number(id), word, person, name: format.person(person) };
    })
    .filter(({ name }) => name.toLocaleLowerCase().includes(asked))
    .sort((left, right) => rank(left.word) - rank(right.word) || left.name.localeCompare(right.name));
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 48,
    overscan: 8,
  });
  return (
    <section className={`${css.part} ${css.levels}`}>
      <h2>{t.tabs.access}</h2>
      <ul className={css.meanings}>
        {LEVELS.map((word) => (
          <li key={word}>
            <b>{t.levels[word]}</b> {t.levelHints[word]}
          </li>
        ))}
      </ul>
      <div className={css.add}>
        <PersonPicker
          multiple
          label={t.addPeople}
          placeholder={t.addPeopleHint}
          value={people}
          onChange={setPeople}
        />
        <Select label={t.tabs.access} bare value={level} onChange={({ target }) => setLevel(target.value)}>
          {LEVELS.map((word) => (
            <option key={word} value={word}>
              {t.levels[word]}
            </option>
          ))}
        </Select>
        <Button
          busy={permit.isPending}
          disabled={people.length === 0}
          onClick={() => permit.mutate(Object.fromEntries(people.map((id) => [String(id), level])))}
        >
          {common.add}
        </Button>
      </div>
      <ProblemNote error={permit.error ?? error} />
      <TextField
        bare
        type="search"
        label={t.findPeople}
        placeholder={t.findPeople}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <p className={css.hint}>{t.accessCount(rows.length)}</p>
      {!data && !error && <Opening />}
      <div className={css.scroll} ref={scroll}>
        <ul style={{ height: virtual.getTotalSize() }} className={css.rows}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <li key={row.id} className={css.row} style={{ transform: `translateY(${start}px)` }}>
                <Avatar person={row.person} size={24} />
                <span className={css.name}>{row.name}</span>
                <Select
                  bare
                  label={t.level(row.name)}
                  value={row.word}
                  onChange={({ target }) => permit.mutate({ [row.id]: target.value })}
                >
                  {LEVELS.map((word) => (
                    <option key={word} value={word}>
                      {t.levels[word]}
                    </option>
                  ))}
                </Select>
                <IconButton
                  label={`${common.remove}: ${row.name}`}
                  onClick={() => permit.mutate({ [row.id]: "none" })}
                >
                  <X size={16} />
                </IconButton>
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}
