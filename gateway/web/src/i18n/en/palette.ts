export const palette = {
  open: "Find or do something",
  placeholder: "A task, a person, a form, or what to do…",
  actions: "Actions",
  found: "Found",
  recent: "Recently opened",
  go: "Go to",
  everywhere: "Everywhere",
  here: "Here",
  thenPress: "then",
  keys: "All keys",
  keysHint:
    "What a key does depends on where you are. In a field that you type in, only keys with Ctrl work.",
  openTask: (id: number) => `Open task № ${id}`,
  searchAll: (text: string) => `Search everywhere for “${text}”`,
  nothing: "Nothing by that name",
};
