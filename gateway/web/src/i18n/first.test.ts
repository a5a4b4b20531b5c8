// What comes with the first screen says only what comes with it: its modules are walked from `main.ts` along their static imports.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { first } from "./en/first";
import { first as russian } from "./ru/first";

const SOURCE = join(import.meta.dirname, "..");

function fileOf(from: string, name: string): string | undefined {
  const base = name.startsWith("~/") ? join(SOURCE, name.slice(2)) : join(dirname(from), name);
  return ["", ".ts", ".tsx", "/index.ts", "/index.tsx"]
    .map((ending) => base + ending)
    .find((path) => /\.tsx?$/.test(path) && existsSync(path));
}

function walk(entries: string[]): Map<string, string> {
  const found = new Map<string, string>();
  const open = [...entries];
  for (let path = open.pop(); path; path = open.pop()) {
    if (found.has(path)) continue;
    const text = readFileSync(path, "utf8");
    found.set(path, text);
    for (const [, type, name = ""] of text.matchAll(
      /^(?:import|export) (type )?[^;]*?from "([~.][^"]*)";/gms,
    )) {
      const next = type ? undefined : fileOf(path, name);
      if (next) open.push(next);
    }
  }
  return found;
}

const modules = walk([join(SOURCE, "main.ts"), join(SOURCE, "app/start.tsx")]);

test("the walk finds the shell and the inbox, and not what is loaded later", () => {
  const names = [...modules.keys()].map((path) => path.slice(SOURCE.length + 1));
  expect(names).toContain("app/Shell.tsx");
  expect(names).toContain("screens/inbox/InboxList.tsx");
  expect(names).not.toContain("screens/task/TaskView.tsx");
  expect(names).not.toContain("ui/DialogBox.tsx");
});

test("the first screen says only words of the first texts", () => {
  const said = [...modules].flatMap(([path, text]) =>
    [...text.matchAll(/\bt\.(\w+)\.\w+/g)].map(([, section = ""]) => ({ path, section })),
  );
  expect(said.length).toBeGreaterThan(50);
  expect(said.filter(({ section }) => !(section in first)).map(({ path }) => path)).toEqual([]);
  expect(Object.keys(russian)).toEqual(Object.keys(first));
});
