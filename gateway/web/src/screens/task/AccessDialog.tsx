// Who can see a task, and for which reasons.

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, good } from "~/api/client";
import type { Person } from "~/api/types";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { Avatar } from "~/ui/Avatar";
import { Badge } from "~/ui/Badge";
import { Dialog } from "~/ui/Dialog";
import { TextField } from "~/ui/Field";
import { ProblemNote } from "~/ui/ProblemNote";
import css from "./AccessDialog.module.css";
import type { Names } from "./ChangeLine";

interface Reason {
  why: string;
  role_id?: number;
  deputy_of?: number;
  list_id?: number;
}

export function AccessDialog({
  open,
  id,
  names,
  onClose,
}: {
  open: boolean;
  id: number;
  names: Names;
  onClose: () => void;
}) {
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  const [text, setText] = useState("");
  const { data, error, refetch } = useQuery({
    queryKey: ["access", id],
    queryFn: () => good(api.GET("/v4/tasks/{id}/access", { params: { path: { id } } })),
    enabled: open,
    staleTime: 0,
    meta: { kept: false },
  });
  const seen = (data?.persons ?? []) as unknown as { person: Person; reasons: Reason[] }[];
  const wanted = text.trim().toLocaleLowerCase();
  const shown = wanted
    ? seen.filter(({ person }) => format.person(person).toLocaleLowerCase().includes(wanted))
    : seen;
  const words = (reason: Reason) => {
    const why = (t.task.why as Record<string, string>)[reason.why] ?? reason.why;
    const extra = [
      reason.role_id !== undefined && format.person(directory.get(reason.role_id)),
      reason.list_id !== undefined && names.list(reason.list_id),
      reason.deputy_of !== undefined && t.task.deputyOf(format.person(directory.get(reason.deputy_of))),
    ].filter(Boolean);
    return extra.length > 0 ? `${why}: ${extra.join(", ")}` : why;
  };
  return (
    <Dialog open={open} onClose={onClose} title={t.task.whoSees}>
      {error && !data ? <ProblemNote error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Opening />}
      {data && (
        <>
          <p className={css.hint}>{t.task.whoSeesHint(seen.length)}</p>
          {seen.length > 12 && (
            <TextField
              label={t.common.search}
              bare
              placeholder={t.common.search}
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          )}
          <ul className={css.people}>
            {shown.slice(0, 300).map(({ person, reasons }) => (
              <li key={person.id} className={css.person}>
                <Avatar person={person} size={32} />
                <div>
                  <span className={css.name}>{format.person(person)}</span>
                  <span className={css.reasons}>
                    {reasons.map((reason, index) => (
                      <Badge key={index}>{words(reason)}</Badge>
                    ))}
                  </span>
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}
