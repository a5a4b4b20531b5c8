// What the organisation tells everybody: the newest first, and one of them with everything said about it.

import { Lock, Megaphone, MessageSquare, MoreHorizontal } from "lucide-react";
import { Suspense, useState } from "react";
import { Link, useLocation } from "wouter";
import { useActions } from "~/app/actions";
import { lazily } from "~/app/lazily";
import { Opening } from "~/app/Opening";
import type { ScreenProps } from "~/app/screens";
import { useFormat, useT } from "~/i18n";
import { useRead } from "~/screens/inbox/unread";
import { RichText } from "~/screens/task/RichText";
import { attachedIn } from "~/store/carried";
import { Avatar } from "~/ui/Avatar";
import { Badge } from "~/ui/Badge";
import { Button, IconButton } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Empty } from "~/ui/Empty";
import { Menu } from "~/ui/Menu";
import { Page } from "~/ui/Page";
import { ProblemNote } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import css from "./Announcements.module.css";
import {
  type Announcement,
  type AnnouncementComment,
  changes,
  useAnnouncement,
  useAnnouncements,
  useChange,
  useMay,
  useToldAt,
} from "./useAnnouncements";
import { Writer } from "./Writer";

const Attachments = lazily(() => import("~/files/Attachments"));

const PAGE = 30;

export default function Announcements({ params }: ScreenProps) {
  return params.announcement ? <One key={params.announcement} id={Number(params.announcement)} /> : <Feed />;
}

function Feed() {
  const t = useT();
  const may = useMay();
  const [count, setCount] = useState(PAGE);
  const { data, error, isPending, isFetching, refetch } = useAnnouncements(count);
  const all = data?.announcements ?? [];
  useRead({ announcements: true }, data?.position);
  return (
    <Page title={t.announcements.title} width="text">
      <div className={css.feed}>
        {may.write && (
          <Writer
            name="announcement"
            label={t.announcements.placeholder}
            submit={t.announcements.announce}
            onSend={changes.write}
          />
        )}
        {error && !data ? <ProblemNote error={error} onRetry={() => void refetch()} /> : null}
        {isPending && !error ? <Opening /> : null}
        {data && all.length === 0 && (
          <Empty icon={<Megaphone size={24} />} title={t.announcements.empty}>
            {t.announcements.emptyHint}
          </Empty>
        )}
        {all.map((announcement) => (
          <Card key={announcement.id} announcement={announcement} />
        ))}
        {all.length >= count && (
          <Button busy={isFetching} onClick={() => setCount(count + PAGE)}>
            {t.common.loadMore}
          </Button>
        )}
      </div>
    </Page>
  );
}

function One({ id }: { id: number }) {
  const t = useT();
  const { data, error, isPending, refetch } = useAnnouncement(id);
  const announcement = data?.announcement;
  useRead({ announcements: true }, useToldAt(id, announcement !== undefined));
  return (
    <Page title={t.announcements.one} back="/announcements" width="text">
      <div className={css.feed}>
        {error && !announcement ? <ProblemNote error={error} onRetry={() => void refetch()} /> : null}
        {isPending && !error ? <Opening /> : null}
        {announcement && (
          <>
            <Card announcement={announcement} whole />
            <section className={css.comments} aria-label={t.announcements.comments}>
              <h2>
                {announcement.comments?.length
                  ? t.announcements.said(announcement.comments.length)
                  : t.announcements.comments}
              </h2>
              <ul>
                {(announcement.comments ?? []).map((comment) => (
                  <Comment key={comment.id} announcement={id} comment={comment} />
                ))}
              </ul>
              {announcement.closed ? (
                <p className={css.closed}>
                  <Lock size={14} aria-hidden="true" /> {t.announcements.closedHint}
                </p>
              ) : (
                <Writer
                  name={`announcement:${id}:comment`}
                  label={t.announcements.comment}
                  submit={t.task.send}
                  onSend={(body) => changes.comment(id, body)}
                />
              )}
            </section>
          </>
        )}
      </div>
    </Page>
  );
}

function Card({ announcement, whole }: { announcement: Announcement; whole?: boolean }) {
  const t = useT();
  const format = useFormat();
  const may = useMay();
  const change = useChange();
  const [, go] = useLocation();
  const [asked, setAsked] = useState<"edit" | "delete">();
  const { id, author, closed } = announcement;
  const comments = announcement.comments?.length ?? 0;
  const edited = announcement.last_modified_date > announcement.create_date;
  const mine = may.change(announcement);
  useActions(
    whole && mine
      ? [
          { id: "announcement.edit", label: t.common.edit, keys: "e", run: () => setAsked("edit") },
          {
            id: "announcement.delete",
            label: t.common.delete,
            keys: "Delete",
            run: () => setAsked("delete"),
          },
        ]
      : [],
  );
  return (
    <article className={css.card}>
      <header className={css.by}>
        {author && <Avatar person={author} size={32} />}
        <div>
          <b>{format.person(author)}</b>
          <span>
            <Link href={`/announcements/${id}`}>
              <time dateTime={announcement.create_date} title={format.full(announcement.create_date)}>
                {format.relative(announcement.create_date)}
              </time>
            </Link>
            {edited && !comments && (
              <span title={format.full(announcement.last_modified_date)}> · {t.announcements.edited}</span>
            )}
          </span>
        </div>
        {closed && <Badge icon={<Lock size={11} />}>{t.announcements.closed}</Badge>}
        {mine && (
          <Menu
            label={t.common.more}
            button={
              <IconButton label={t.common.more}>
                <MoreHorizontal size={17} />
              </IconButton>
            }
            choices={[
              { label: t.common.edit, onChoose: () => setAsked("edit") },
              {
                label: closed ? t.announcements.reopen : t.announcements.close,
                onChoose: () =>
                  change.mutate(() => changes.change(id, { closed: !closed }), {
                    onError: (error) => toast(error.message, { tone: "bad" }),
                  }),
              },
              null,
              { label: t.common.delete, danger: true, onChoose: () => setAsked("delete") },
            ]}
          />
        )}
      </header>
      {asked === "edit" ? (
        <Writer
          name={`announcement:${id}`}
          label={t.announcements.placeholder}
          submit={t.common.save}
          before={announcement}
          onSend={(body) => changes.change(id, body)}
          onDone={() => setAsked(undefined)}
        />
      ) : (
        <Said what={announcement} />
      )}
      {!whole && (
        <footer className={css.foot}>
          <Link href={`/announcements/${id}`}>
            <MessageSquare size={15} aria-hidden="true" />
            {comments > 0 ? t.announcements.said(comments) : closed ? t.common.open : t.announcements.comment}
          </Link>
        </footer>
      )}
      <Confirm
        open={asked === "delete"}
        onClose={() => setAsked(undefined)}
        title={t.announcements.deleteSure}
        yes={t.common.delete}
        onYes={async () => {
          await change.mutateAsync(() => changes.remove(id));
          if (whole) go("/announcements");
        }}
      >
        <p>{t.announcements.deleteHint}</p>
      </Confirm>
    </article>
  );
}

/** The words and the files of an announcement or a comment. */
function Said({ what }: { what: Announcement | AnnouncementComment }) {
  const files = attachedIn(what.attachments);
  return (
    <>
      {what.text && <RichText text={what.text} html={what.formatted_text} />}
      {files.length > 0 && (
        <Suspense>
          <Attachments files={files} />
        </Suspense>
      )}
    </>
  );
}

function Comment({ announcement, comment }: { announcement: number; comment: AnnouncementComment }) {
  const t = useT();
  const format = useFormat();
  const may = useMay();
  const change = useChange();
  const [asked, setAsked] = useState<"edit" | "delete">();
  return (
    <li className={css.comment}>
      {comment.author && <Avatar person={comment.author} size={24} />}
      <div className={css.said}>
        <p className={css.who}>
          <b>{format.person(comment.author)}</b>
          <time dateTime={comment.create_date} title={format.full(comment.create_date)}>
            {format.relative(comment.create_date)}
          </time>
        </p>
        {asked === "edit" ? (
          <Writer
            name={`announcement:${announcement}:comment:${comment.id}`}
            label={t.announcements.comment}
            submit={t.common.save}
            before={comment}
            onSend={(body) => changes.correct(announcement, comment.id, body)}
            onDone={() => setAsked(undefined)}
          />
        ) : (
          <Said what={comment} />
        )}
      </div>
      {(may.edit(comment) || may.remove(comment)) && (
        <Menu
          label={t.common.more}
          button={
            <IconButton label={t.common.more}>
              <MoreHorizontal size={16} />
            </IconButton>
          }
          choices={[
            may.edit(comment) && { label: t.common.edit, onChoose: () => setAsked("edit") },
            may.remove(comment) && {
              label: t.common.delete,
              danger: true,
              onChoose: () => setAsked("delete"),
            },
          ]}
        />
      )}
      <Confirm
        open={asked === "delete"}
        onClose={() => setAsked(undefined)}
        title={t.announcements.takeBackSure}
        yes={t.common.delete}
        onYes={() => change.mutateAsync(() => changes.takeBack(announcement, comment.id))}
      />
    </li>
  );
}
