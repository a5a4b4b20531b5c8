import { pluralIn } from "../plural";

const plural = pluralIn("en");

// What goes wrong, in words that say what to do.
export const problems = {
  unreachable: "The server cannot be reached. Check the network; this is tried again by itself.",
  slow: "The server is busy. Try again in a moment.",
  tooMany: (seconds: number) =>
    `Too many attempts. Try again in ${
      seconds < 90
        ? plural(seconds, { one: "# second", other: "# seconds" })
        : plural(Math.ceil(seconds / 60), { one: "# minute", other: "# minutes" })
    }.`,
  denied: "You may not do this.",
  gone: "This is not here any more, or you may not see it.",
  conflict: "Somebody changed this meanwhile. Look at it again, then repeat.",
  tooLarge: "That is too large for the server.",
  unknown: "Something went wrong.",
  code: (code: string) => `Code: ${code}`,
};
