// One entry of the feed: a day, what somebody said, or what somebody changed without a word.

import { EllipsisVertical, Link2, Pencil, Reply, Trash2 } from "lucide-react";
import { memo, Suspense } from "react";
import type { Comment } from "~/api/types";
import { lazily } from "~/app/lazily";
import { heightOf } from "~/files/place";
import { isDrawn } from "~/files/shown";
import { useFormat, useT } from "~/i18n";
import { begun } from "~/i18n/format";
import { type Attached, attachedIn } from "~/store/carried";
import type { Command } from "~/store/command";
import { isPending } from "~/store/tasks";
import { Avatar } from "~/ui/Avatar";
import { IconButton } from "~/ui/Button";
import { Menu } from "~/ui/Menu";
import { ChangeLine, type Names } from "./ChangeLine";
import css from "./CommentItem.module.css";
import type { Item } from "./feed";
import { Pending, type Since } from "./Pending";
import { RichText } from "./RichText";

const Attachments = lazily(() => import("~/files/Attachments"));

/** What can be done from an entry; the same object as long as the task is open. */
export interface Doing {
  reply: (comment: Comment) => void;
  edit: (comment: Comment) => void;
  remove: (comment: Comment) => void;
  link: (comment: Comment) => void;
  resume: (command: Command) => void;
  since: (seen: number) => Since[];
}

interface Props {
  item: Item;
  names: Names;
  doing: Doing;
  me: number;
  position: number | undefined;
  edited: boolean;
  taken: boolean;
  /** Where it stands in the log, while that is news. */
  accepted?: number;
  /** It was asked for by its address. */
  here: boolean;
  /** Only looked at. */
  past: boolean;
  first: boolean;
}

export const CommentItem = memo(function CommentItem(props: Props) {
  const { item } = props;
  const format = useFormat();
  if (item.kind === "day")
    return (
      <div className={css.day}>
        <h3>{begun(format.dayName(item.day))}</h3>
      </div>
    );
  return item.kind === "said" ? <Said {...props} item={item} /> : <Happened {...props} item={item} />;
});

function Happened({ item, names, here }: Props & { item: Extract<Item, { kind: "happened" }> }) {
  const format = useFormat();
  const first = item.comments[0] as Comment;
  return (
    <div className={`${css.happened} ${here ? css.here : ""}`}>
      <Avatar person={first.author} size={20} />
      <div className={css.lines}>
        <span className={css.who}>
          <b>{format.person(first.author)}</b>
          <Moment comment={first} />
        </span>
        {item.changes.map((change, index) => (
          <ChangeLine key={index} change={change} names={names} />
        ))}
      </div>
    </div>
  );
}

function Said(props: Props & { item: Extract<Item, { kind: "said" }> }) {
  const { item, names, doing, me, position, edited, taken, accepted, here, past, first } = props;
  const t = useT();
  const format = useFormat();
  const { comment } = item;
  const pending = isPending(comment) ? comment.pending : undefined;
  const own = comment.author.id === me;
  const speaks = Boolean(comment.text || comment.formatted_text);
  const files = attachedIn(comment.attachments);
  const says = speaks || files.length > 0;
  const roles = comment.comment_as_roles?.map(({ name }) => name) ?? [];
  return (
    <div
      className={`${css.said} ${item.goesOn ? css.goesOn : ""} ${here ? css.here : ""} ${pending ? css.pending : ""}`}
    >
      <div className={css.face}>{!item.goesOn && <Avatar person={comment.author} size={32} />}</div>
      <div className={css.body}>
        {item.goesOn ? (
          <span className="hidden">
            {format.person(comment.author)}, {format.full(comment.create_date)}
          </span>
        ) : (
          <div className={css.who}>
            <b>{format.person(comment.author)}</b>
            {roles.length > 0 && <span className={css.as}>{format.list(roles)}</span>}
            <Moment comment={comment} />
            {first && <span className={css.note}>{t.task.madeIt}</span>}
            {edited && <span className={css.note}>{t.task.edited}</span>}
          </div>
        )}
        {item.goesOn && edited && <span className={css.note}>{t.task.edited}</span>}
        {taken && !says ? (
          <p className={css.gone}>{t.task.wasDeleted}</p>
        ) : speaks ? (
          <RichText text={comment.text} html={comment.formatted_text} />
        ) : null}
        {files.length > 0 && (
          <Suspense fallback={<Coming files={files} />}>
            <Attachments files={files} />
          </Suspense>
        )}
        {item.changes.length > 0 && (
          <div className={css.changes}>
            {item.changes.map((change, index) => (
              <ChangeLine key={index} change={change} names={names} />
            ))}
          </div>
        )}
        {pending && (
          <Pending
            command={pending}
            since={doing.since}
            names={names}
            position={position}
            onEdit={doing.resume}
          />
        )}
        {accepted !== undefined && (
          <p className={css.accepted} role="status">
            {t.task.accepted(accepted)}
          </p>
        )}
      </div>
      {!pending && !past && (
        <div className={css.tools}>
          <Menu
            label={t.common.more}
            button={
              <IconButton label={t.task.commentMenu(format.person(comment.author))} className={css.tool}>
                <EllipsisVertical size={16} />
              </IconButton>
            }
            choices={[
              says && {
                label: t.task.reply,
                icon: <Reply size={16} />,
                onChoose: () => doing.reply(comment),
              },
              { label: t.task.copyLink, icon: <Link2 size={16} />, onChoose: () => doing.link(comment) },
              own &&
                says && {
                  label: t.common.edit,
                  icon: <Pencil size={16} />,
                  onChoose: () => doing.edit(comment),
                },
              own &&
                says &&
                !first && {
                  label: t.common.delete,
                  icon: <Trash2 size={16} />,
                  danger: true,
                  onChoose: () => doing.remove(comment),
                },
            ]}
          />
        </div>
      )}
    </div>
  );
}

/** The room that files take before they are drawn. */
function Coming({ files }: { files: readonly Attached[] }) {
  const drawn = files.filter(isDrawn).length;
  return <div style={{ height: heightOf(drawn, files.length - drawn) }} />;
}

function Moment({ comment }: { comment: Comment }) {
  const format = useFormat();
  return (
    <time className={css.time} dateTime={comment.create_date} title={format.full(comment.create_date)}>
      {format.time(comment.create_date)}
    </time>
  );
}
