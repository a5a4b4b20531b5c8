import { pluralIn } from "../plural";

const plural = pluralIn("en");

export const common = {
  add: "Add",
  back: "Back",
  cancel: "Cancel",
  close: "Close",
  copied: "Copied",
  copy: "Copy",
  delete: "Delete",
  done: "Done",
  edit: "Edit",
  justNow: "just now",
  loading: "Loading",
  loadMore: "Show more",
  more: "More",
  name: "Name",
  no: "No",
  nobodyFound: "Nobody by that name",
  none: "None",
  open: "Open",
  remove: "Remove",
  save: "Save",
  search: "Search",
  somebody: "Somebody",
  tryAgain: "Try again",
  yes: "Yes",
  hours: (count: number) => plural(count, { one: "# h", other: "# h" }),
  minutes: (count: number) => plural(count, { one: "# min", other: "# min" }),
  tasks: (count: number) => plural(count, { one: "# task", other: "# tasks" }),
  people: (count: number) => plural(count, { one: "# person", other: "# people" }),
};
