import { pluralIn } from "../plural";

const plural = pluralIn("en");

export const fields = {
  empty: "Empty",
  checked: "Yes",
  unchecked: "No",
  flag: { none: "Not set", checked: "Yes", unchecked: "No" },
  open: "Open",
  closed: "Closed",
  step: (number: number) => `Step ${number}`,
  rows: (count: number) => plural(count, { one: "# row", other: "# rows" }),
  files: (count: number) => plural(count, { one: "# file", other: "# files" }),
  task: (id: number) => `Task ${id}`,
  showAll: "Show all",
  unreadable: "This value cannot be shown here.",
  row: (number: number) => `Row ${number}`,
  addRow: "Add a row",
  removeRow: (number: number) => `Remove row ${number}`,
  moveUp: (number: number) => `Move row ${number} up`,
  moveDown: (number: number) => `Move row ${number} down`,
  noRows: "No rows yet.",
  choose: "Choose",
  nothingFound: "Nothing found",
  searchItems: "Type to search",
  searchTasks: "Type a word of the task",
  computed: "Worked out from other fields",
  duration: "Length, minutes",
  clear: "Clear",
  none: "None",
  section: "Fill in this section",
  person: "Person",
  /** What is wrong with a value, said at its field. */
  wrong: {
    required: "Fill this in",
    requiredMark: "Tick this to go on",
    number: "This is not a number. Use digits and one point, such as 1200.50",
    digits: "At most 28 digits",
    decimalPlaces: (places: number) =>
      places === 0
        ? "A whole number, please"
        : plural(places, {
            one: "At most # digit after the point",
            other: "At most # digits after the point",
          }),
    email: "This is not an e-mail address",
    date: "This is not a date",
    time: "This is not a time",
    tooShort: (least: number) =>
      plural(least, { one: "At least # character", other: "At least # characters" }),
    tooLong: (most: number) => plural(most, { one: "At most # character", other: "At most # characters" }),
    control: "A character that cannot be kept is in it: type it again rather than paste it",
    several: "Choose one only",
    choice: "This choice is not there any more",
    rows: (most: number) => plural(most, { one: "At most # row", other: "At most # rows" }),
    files: (most: number) => plural(most, { one: "At most # file", other: "At most # files" }),
    duration: "Whole minutes, at most a year",
    cells: (rows: string) => `Look at ${rows}`,
  },
};
