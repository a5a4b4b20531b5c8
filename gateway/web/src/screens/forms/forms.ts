// The forms that one may use, by folder; which were used lately; how many of their tasks are open.

import { useQuery } from "@tanstack/react-query";
import { api, good } from "~/api/client";
import type { Form } from "~/api/types";
import { useRecent } from "~/store/recent";

export const formsQuery = {
  queryKey: ["forms"],
  queryFn: async () => (await good(api.GET("/v4/forms"))).forms as unknown as Form[],
};

export const formQuery = (id: number) => ({
  queryKey: ["form", id],
  queryFn: async () =>
    (await good(api.GET("/v4/forms/{id}", { params: { path: { id } } }))) as unknown as Form,
});

/** Open tasks of each form, by its id. */
export function useOpenCounts(): ReadonlyMap<number, number> | undefined {
  const { data } = useQuery({
    queryKey: ["search", "open_by_form"],
    queryFn: () =>
      good(api.GET("/v4/search", { params: { query: { kind: "task", closed: false, item_count: 1 } } })),
  });
  if (!data) return undefined;
  const forms = (data.facets?.forms ?? []) as unknown as { form_id: number; count: number }[];
  return new Map(forms.map(({ form_id, count }) => [form_id, count]));
}

export interface Folder {
  /** `Finance / Payments`; empty for what lies in none. */
  name: string;
  forms: Form[];
}

/** Folders by name with their forms by name, those in none last. Only forms whose name or folder has words that begin so. Pure. */
export function byFolder(forms: readonly Form[], text = ""): Folder[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const folders = new Map<string, Form[]>();
  for (const form of forms) {
    const name = (form.folder ?? []).join(" / ");
    const own = `${form.name} ${name}`.toLocaleLowerCase().split(/[\s/,.()-]+/);
    if (!words.every((word) => own.some((part) => part.startsWith(word)))) continue;
    folders.set(name, [...(folders.get(name) ?? []), form]);
  }
  return [...folders]
    .sort(([left], [right]) => Number(left === "") - Number(right === "") || left.localeCompare(right))
    .map(([name, list]) => ({ name, forms: list.sort((a, b) => a.name.localeCompare(b.name)) }));
}

const RECENT_MAX = 4;

/** Forms that were filled in lately on this device, the last first, and a way to say so. */
export function useRecentForms(forms: readonly Form[] | undefined): [Form[], (form: number) => void] {
  const [ids, change] = useRecent<number>("forms");
  const used = (ids ?? []).flatMap(
    (id) => forms?.find((form) => form.id === id && !form.deleted_or_closed) ?? [],
  );
  return [
    used,
    (form) => change((before) => [form, ...before.filter((other) => other !== form)].slice(0, RECENT_MAX)),
  ];
}
