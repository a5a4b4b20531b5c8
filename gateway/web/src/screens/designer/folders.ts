// Folders of forms as one writes them.

/** `Finance / Purchasing` as folders. */
export const foldersOf = (text: string): string[] =>
  text
    .split("/")
    .map((part) => part.trim())
    .filter(Boolean);
