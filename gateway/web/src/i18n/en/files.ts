import { pluralIn } from "../plural";

const plural = pluralIn("en");

export const files = {
  attach: "Attach files",
  attached: "Files",
  drop: "Drop files here",
  remove: (name: string) => `Remove ${name}`,
  download: (name: string) => `Download ${name}`,
  save: "Download",
  follow: "Open",
  nameless: "Unnamed file",
  version: (number: number) => `Version ${number}`,
  newVersion: "New version",
  renew: "Upload a new version",
  versions: (count: number) => plural(count, { one: "# version", other: "# versions" }),
  versionsOf: (name: string) => `Versions of ${name}`,
  menu: (name: string) => `More for ${name}`,
  link: "Link",
  size: { bytes: "B", kilo: "KB", mega: "MB", giga: "GB" },
  waits: "Waits to be sent",
  sending: (percent: number) => `${percent}% sent`,
  there: "Sent",
  unkept: "The browser has no room to keep this file. Leave the tab open until it is sent.",
  refusedFirst: "Remove the files that were refused first.",
  empty: (name: string) => `${name} is empty: there is nothing in it to send.`,
  tooLarge: (name: string) => `${name} is too large for the server.`,
  lost: (name: string | undefined) =>
    `${name || "A file"} is not in this browser any more. Remove it, or choose it once more.`,
  removed: (count: number) => plural(count, { one: "# file removed", other: "# files removed" }),
  most: (count: number) => plural(count, { one: "At most # file", other: "At most # files" }),
  of: (at: number, count: number) => `${at} of ${count}`,
  next: "Next picture",
  previous: "Previous picture",
  notShown: "This picture cannot be shown. Download it to look at it.",
};
