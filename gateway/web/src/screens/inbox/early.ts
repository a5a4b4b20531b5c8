// On a phone the first screen of the inbox is there before the app is: rows as the app draws them, without anything else that can be
// pressed. Who presses one goes there, and the app begins at it. What the app draws takes the place of all this.

import type { TaskHeader } from "~/api/types";
import shell from "~/app/Shell.module.css";
import type { Formats, Messages } from "~/i18n";
import { dayOf } from "~/i18n/format";
import type { InboxAnswer } from "~/store/inbox";
import avatar from "~/ui/Avatar.module.css";
import { colourOf, initialsOf } from "~/ui/initials";
import css from "./Inbox.module.css";
import list from "./InboxList.module.css";
import { groupsOf, notesOf, type Row, rowsOf, shortOf } from "./rows";

/** Where one thing is shown at a time, as in the style sheets. */
const NARROW = "(max-width: 820px)";
/** The inbox without a task on top of it. */
const ALONE = /^\/(inbox\/?)?$/;
/** In pixels: no row is lower, and what is above and below them is no less. */
const LOWEST = { task: 54, group: 40 };
const AROUND = 100;
/** Ways at the foot of the app. */
const TABS = 5;

type Child = Node | string | false | undefined;

function make(tag: string, className: string | undefined, ...children: Child[]): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child): child is Node | string => Boolean(child)));
  return made;
}

/** Draws it where a phone opens the inbox, unless the app is there already. */
export function drawEarly(answer: InboxAnswer, t: Messages, format: Formats): void {
  const root = document.getElementById("root");
  if (!root || root.firstChild || !ALONE.test(location.pathname) || !matchMedia(NARROW).matches) return;
  const unread = new Set(answer.marks?.unread_task_ids);
  const rows = rowsOf(groupsOf(answer, new Set(), t.inbox.other), new Set(), unread);
  if (rows.length === 0) return;
  // A phone takes its time for each: those below the screen are left to the app.
  let room = innerHeight - AROUND;
  const few = rows.filter(({ kind }) => {
    room -= LOWEST[kind];
    return room > -LOWEST[kind];
  });
  const notes = notesOf(answer, t.inbox, format);
  const all = make(
    "ul",
    list.all,
    ...few.map((row) =>
      make(
        "li",
        undefined,
        row.kind === "group" ? groupOf(row) : lineOf(row, notes.get(row.task.id), t, format),
      ),
    ),
  );
  const inbox = make(
    "section",
    css.list,
    make("header", css.head, make("h1", undefined, t.inbox.views.now)),
    make("div", list.scroll, all),
  );
  const main = make("main", shell.main, make("div", css.split, inbox));
  main.setAttribute("aria-busy", "true");
  const ways = make("div", shell.bottom, ...Array.from({ length: TABS }, () => make("span", shell.tab)));
  root.append(make("div", shell.shell, main, ways));
  all.addEventListener("click", go);
}

/** A row that is pressed is where the app begins. */
function go(event: MouseEvent): void {
  const link = (event.target as Element).closest("a");
  if (!link || event.button > 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  for (const other of link.closest("ul")?.querySelectorAll("[aria-current]") ?? [])
    other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  history.pushState(null, "", link.href);
}

function groupOf({ group }: Extract<Row, { kind: "group" }>): HTMLElement {
  const unread = group.unread > 0 && make("b", undefined, `${group.unread} / `);
  // As high and as wide as the button that folds it.
  const head = make(
    "span",
    list.early,
    make("span", list.name, group.name),
    make("span", list.count, unread, `${group.count}`),
  );
  return make("h2", list.group, head);
}

function lineOf(
  { task, unread, group }: Extract<Row, { kind: "task" }>,
  note: string | undefined,
  t: Messages,
  format: Formats,
): HTMLElement {
  const mark = unread && make("span", "hidden", `${t.inbox.isUnread}: `);
  const link = make(
    "a",
    list.task,
    make(
      "span",
      list.text,
      make("span", list.title, mark, shortOf(task, group)),
      make(
        "span",
        list.sub,
        note && make("span", list.note, `${note} · `),
        ...dueOf(task, t, format),
        format.person(task.author),
      ),
    ),
    make("time", list.time, format.short(task.last_modified_date)),
  );
  link.setAttribute("href", `/inbox/${task.id}`);
  const face = make(
    "span",
    `${avatar.avatar} ${avatar[colourOf(task.author)]} ${avatar.s32}`,
    task.author.type === "user" && initialsOf(format.person(task.author)),
  );
  face.setAttribute("aria-hidden", "true");
  return make("div", `${list.line} ${unread ? list.unread : ""}`, make("span", list.mark, face), link);
}

function dueOf({ due_date, close_date }: TaskHeader, t: Messages, format: Formats): Child[] {
  if (!due_date) return [];
  const late = !close_date && due_date < dayOf(new Date());
  const day = format.dayName(due_date);
  return [
    make("span", late ? list.bad : undefined, late ? `${t.inbox.overdue}: ${day}` : t.inbox.due(day)),
    " · ",
  ];
}
