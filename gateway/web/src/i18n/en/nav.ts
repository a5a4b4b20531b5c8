import { pluralIn } from "../plural";

const plural = pluralIn("en");

const apart = (minutes: number) =>
  minutes < 120
    ? plural(minutes, { one: "# minute", other: "# minutes" })
    : minutes < 2_880
      ? plural(Math.round(minutes / 60), { one: "# hour", other: "# hours" })
      : plural(Math.round(minutes / 1_440), { one: "# day", other: "# days" });

export const nav = {
  administration: "Administration",
  announcements: "Announcements",
  calendar: "Calendar",
  forms: "Forms",
  inbox: "Inbox",
  knowledgeBase: "Knowledge base",
  lists: "Lists",
  main: "Main",
  menu: "Menu",
  newTask: "New task",
  newShort: "New",
  people: "People",
  profile: "Profile and settings",
  search: "Search",
  signOut: "Sign out",
  skip: "Skip to content",
  theme: "Theme",
  themes: { system: "As the system", light: "Light", dark: "Dark" },
  language: "Language",
  /** The state of connection and outbox. */
  live: "Connected",
  connecting: "Connecting",
  offline: "Offline",
  offlineHint:
    "What you have opened before can be read. What you write is kept and sent once the server is reached.",
  queued: (count: number) =>
    plural(count, { one: "# change waits to be sent", other: "# changes wait to be sent" }),
  refused: (count: number) => plural(count, { one: "# change was refused", other: "# changes were refused" }),
  outbox: "Not sent yet",
  outboxEmpty: "Everything is sent.",
  outboxSend: "Send now",
  discard: "Discard",
  discardSure: "What you wrote will be lost.",
  notKept: "This browser keeps nothing",
  notKeptHint: "Its storage is full or forbidden. Leave this tab open until everything is sent.",
  clockWrong: (minutes: number) =>
    `This device's clock is ${apart(Math.abs(minutes))} ${minutes > 0 ? "ahead" : "behind"}.`,
  clockWrongHint:
    "What is due and when things happened may be shown wrongly until it is set right. Nothing is lost by it.",
  update: "A new version is here",
  updateNow: "Reload",
  updateHint: "What you have typed is kept.",
  notFound: "There is nothing here",
  notFoundHint: "The address is mistyped, or what was here is not shown to you.",
  notLoaded: "This part is not on this device yet",
  notLoadedHint: "It is fetched as soon as the server is reached. What you typed is kept.",
  toInbox: "To the inbox",
  crashed: "This part broke down",
  crashedHint: "What you typed is kept. Reload, and if it happens again, tell whoever runs this server.",
};
