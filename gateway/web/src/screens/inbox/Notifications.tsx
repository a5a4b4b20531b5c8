// What this person was told of, why, and where it leads.

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { BellRing, CheckCheck } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { api, good, type Schemas } from "~/api/client";
import type { Person } from "~/api/types";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import { Button } from "~/ui/Button";
import { Empty } from "~/ui/Empty";
import { ProblemNote } from "~/ui/ProblemNote";
import css from "./Notifications.module.css";

/** On a page. */
const ROWS = 50;

export default function Notifications({ chosen }: { chosen: number | undefined }) {
  const t = useT();
  const cache = useQueryClient();
  const [only, setOnly] = useState(false);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["notifications", only],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      good(
        api.GET("/v4/notifications", {
          params: {
            query: {
              item_count: ROWS,
              ...(only && { unread: "only" }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
        }),
      ),
    getNextPageParam: (page) => (page.has_more ? (page.cursor ?? undefined) : undefined),
  });
  const told = data?.pages.flatMap((page) => page.notifications) ?? [];
  const read = useMutation({
    mutationFn: (upto: number) => good(api.POST("/v4/notifications/read", { body: { upto } })),
    onSuccess: ({ unread_count }) => {
      cache.setQueryData(["unread_count"], unread_count);
      void cache.invalidateQueries({ queryKey: ["notifications"] });
      void cache.invalidateQueries({ queryKey: ["inbox"] });
    },
  });
  const newest = told[0]?.id;
  return (
    <div className={css.panel}>
      <div className={css.bar}>
        <label className={css.only}>
          <input type="checkbox" checked={only} onChange={({ target }) => setOnly(target.checked)} />
          {t.inbox.onlyUnread}
        </label>
        <Button
          size="s"
          kind="quiet"
          icon={<CheckCheck size={15} />}
          disabled={newest === undefined || !told.some(({ unread }) => unread)}
          busy={read.isPending}
          onClick={() => newest !== undefined && read.mutate(newest)}
        >
          {t.inbox.readAll}
        </Button>
      </div>
      {(error && !data) || read.error ? (
        <ProblemNote error={read.error ?? error} onRetry={() => void refetch()} />
      ) : null}
      {!data && !error && <Opening />}
      {data && told.length === 0 && (
        <Empty icon={<BellRing size={24} />} title={only ? t.inbox.allRead : t.inbox.noNotifications}>
          {t.inbox.noNotificationsHint}
        </Empty>
      )}
      <ul className={css.list}>
        {told.map((notification) => (
          <li key={notification.id}>
            <Told told={notification} here={chosen !== undefined && notification.cause.task_id === chosen} />
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button kind="quiet" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t.common.loadMore}
        </Button>
      )}
    </div>
  );
}

function Told({ told, here }: { told: Schemas["Notification"]; here: boolean }) {
  const t = useT();
  const format = useFormat();
  const { cause } = told;
  const author = told.author as Person | null | undefined;
  const by = author ? format.person(author) : "";
  const announced = cause.announcement_id !== undefined;
  // What is announced has no name but its words.
  const [subject, words] = announced
    ? [told.text ?? t.announcements.one, by]
    : [told.subject ?? t.task.notShown, told.text && (by ? `${by}: ${told.text}` : told.text)];
  return (
    <Link
      href={
        announced ? `/announcements/${cause.announcement_id}` : `/inbox/${cause.task_id}#c${cause.comment_id}`
      }
      className={`${css.told} ${told.unread ? css.unread : ""}`}
      aria-current={here ? "true" : undefined}
    >
      <Avatar person={author ?? { id: 0, type: "bot" }} size={32} />
      <span className={css.text}>
        <span className={css.why}>
          {told.unread && <span className="hidden">{t.inbox.isUnread}: </span>}
          {told.why}
        </span>
        <span className={css.subject}>{subject}</span>
        {words && <span className={css.words}>{words}</span>}
      </span>
      <time className={css.time} dateTime={told.create_date} title={format.full(told.create_date)}>
        {format.short(told.create_date)}
      </time>
    </Link>
  );
}
