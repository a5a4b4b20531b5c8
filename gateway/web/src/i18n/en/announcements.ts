import { pluralIn } from "../plural";

const plural = pluralIn("en");

export const announcements = {
  title: "Announcements",
  one: "Announcement",
  empty: "Nothing was announced yet",
  emptyHint: "What concerns everybody is told here: news, dates, thanks.",
  placeholder: "Tell everybody…",
  announce: "Announce",
  comment: "Write a comment",
  comments: "Comments",
  said: (count: number) => plural(count, { one: "# comment", other: "# comments" }),
  edited: "edited",
  close: "Close for comments",
  reopen: "Open for comments",
  closed: "Closed",
  closedHint: "No more comments are taken here.",
  deleteSure: "Delete this announcement?",
  deleteHint: "Its comments are deleted with it, for everybody.",
  takeBackSure: "Delete this comment?",
};
