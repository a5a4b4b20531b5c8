// What I follow, besides what is mine anyway.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ClipboardList, Filter, LayoutGrid, ListTree, Star } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { api, good, type Schemas } from "~/api/client";
import { Opening } from "~/app/Opening";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Empty } from "~/ui/Empty";
import { Row, Rows } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import { SectionPage } from "~/ui/Sections";
import { formsQuery, listNamed, listsQuery } from "./named";

const KEY = ["follows"];

export default function Follows() {
  const t = useT();
  const cache = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey: KEY, queryFn: () => good(api.GET("/v4/follows")) });
  const unfollow = useMutation({
    mutationFn: (follow: Schemas["Follow"]) => good(api.DELETE("/v4/follows", { body: follow })),
    onSuccess: (next) => cache.setQueryData(KEY, next),
  });
  const follows = data?.follows ?? [];
  return (
    <SectionPage title={t.profile.sections.follows} note={t.profile.followsHint} width="text">
      <ProblemNote error={error ?? unfollow.error} onRetry={error ? () => void refetch() : undefined} />
      {!data && !error && <Opening />}
      {data && follows.length === 0 && (
        <Empty icon={<Star size={24} />} title={t.profile.followsNone}>
          {t.profile.followsNoneHint}
        </Empty>
      )}
      {follows.length > 0 && (
        <Rows>
          {follows.map((follow) => (
            <Followed
              key={JSON.stringify(follow)}
              follow={follow}
              action={
                <Button
                  size="s"
                  busy={unfollow.isPending && unfollow.variables === follow}
                  onClick={() => unfollow.mutate(follow)}
                >
                  {t.profile.unfollow}
                </Button>
              }
            />
          ))}
        </Rows>
      )}
    </SectionPage>
  );
}

function Followed({ follow, action }: { follow: Schemas["Follow"]; action: ReactNode }) {
  const t = useT();
  const { data: forms } = useQuery({ ...formsQuery, enabled: follow.form_id != null });
  const { data: lists } = useQuery({ ...listsQuery, enabled: follow.list_id != null });
  const { task_id: task, form_id: form, list_id: list } = follow;
  if (task != null)
    return (
      <Row
        icon={<ClipboardList size={18} />}
        title={<Link href={`/tasks/${task}`}>{t.profile.taskNumber(task)}</Link>}
        note={t.profile.followed.task}
        action={action}
      />
    );
  if (form != null)
    return (
      <Row
        icon={<LayoutGrid size={18} />}
        title={
          <Link href={`/forms/${form}`}>
            {forms?.forms?.find(({ id }) => id === form)?.name ?? t.profile.formNumber(form)}
          </Link>
        }
        note={t.profile.followed.form}
        action={action}
      />
    );
  if (list != null)
    return (
      <Row
        icon={<ListTree size={18} />}
        title={
          <Link href={`/lists/${list}`}>
            {listNamed((lists?.lists ?? []) as never, list) ?? t.profile.listNumber(list)}
          </Link>
        }
        note={t.profile.followed.list}
        action={action}
      />
    );
  return (
    <Row
      icon={<Filter size={18} />}
      title={t.profile.filterNumber(follow.filter_id ?? 0)}
      note={t.profile.followed.filter}
      action={action}
    />
  );
}
