// Everybody one may name: persons, roles and bots, by id and by the words of their names. Kept, so that names are there at once.

import { useQuery } from "@tanstack/react-query";
import { api, good } from "~/api/client";
import type { Person } from "~/api/types";

export interface Directory {
  /** Persons, bots and roles, by name. */
  all: readonly Person[];
  people: readonly Person[];
  roles: readonly (Person & { member_ids?: number[] })[];
  /** Anybody by id; also those who are gone, as long as somebody remembers them. */
  get(id: number): Person | undefined;
  /** Those whose names, address, position or department have words that begin so, best first. Empty text: everybody. */
  search(text: string, options?: { roles?: boolean; people?: boolean }): Person[];
}

/** How many a search gives. */
const FOUND_MAX = 50;

export function directoryOf(people: Person[], roles: (Person & { member_ids?: number[] })[]): Directory {
  const name = (person: Person) =>
    [person.first_name, person.last_name].filter(Boolean).join(" ") || person.email || "";
  const sorted = (list: Person[]) => [...list].sort((left, right) => name(left).localeCompare(name(right)));
  const byName = sorted(people);
  const rolesByName = sorted(roles) as (Person & { member_ids?: number[] })[];
  const all = [...byName, ...rolesByName];
  const byId = new Map(all.map((person) => [person.id, person]));
  const words = new Map(
    all.map((person) => {
      const text = [name(person), person.email, person.position, person.department_name]
        .filter(Boolean)
        .join(" ");
      return [person.id, text.toLocaleLowerCase().split(/[\s@.,()-]+/)];
    }),
  );
  return {
    all,
    people: byName,
    roles: rolesByName,
    get: (id) => byId.get(id),
    search(text, { roles: withRoles = true, people: withPeople = true } = {}) {
      const wanted = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
      const pool = all.filter((person) => (person.type === "role" ? withRoles : withPeople));
      if (wanted.length === 0) return pool.slice(0, FOUND_MAX);
      return pool
        .filter((person) => wanted.every((word) => words.get(person.id)?.some((own) => own.startsWith(word))))
        .sort((left, right) => Number(!beginsWith(name(left), text)) - Number(!beginsWith(name(right), text)))
        .slice(0, FOUND_MAX);
    },
  };
}

const beginsWith = (name: string, text: string) =>
  name.toLocaleLowerCase().startsWith(text.trim().toLocaleLowerCase());

const NOBODY = directoryOf([], []);

export const contactsQuery = {
  queryKey: ["contacts"],
  queryFn: () => good(api.GET("/v4/contacts")),
  staleTime: 300_000,
};

/** The list of all people, as it comes. */
export type Contacts = Awaited<ReturnType<typeof contactsQuery.queryFn>>;

export function useDirectory(): Directory {
  const { data } = useQuery(contactsQuery);
  return data ? directoryIn(data) : NOBODY;
}

/** Made once of each answer, however many look into it. */
const made = new WeakMap<object, Directory>();

function directoryIn(data: Contacts): Directory {
  let directory = made.get(data);
  if (!directory) {
    const organisations = data.organizations ?? [];
    const people = organisations.flatMap(({ persons }) => (persons ?? []) as Person[]);
    const roles = organisations.flatMap(({ roles }) =>
      (roles ?? []).map((role) => ({
        id: role.id,
        first_name: role.name,
        type: "role",
        member_ids: role.member_ids ?? [],
      })),
    );
    directory = directoryOf(people, roles);
    made.set(data, directory);
  }
  return directory;
}
