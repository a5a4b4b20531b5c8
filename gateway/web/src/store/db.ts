// What the browser keeps, one database for each person: answers seen before, changes not sent yet with their files, drafts, and how far
// the stream was read. Where the browser keeps nothing (storage is full or forbidden) the same is held in memory, and `kept` says so.

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { KeptFile } from "./carried";
import type { Command } from "./command";

interface Shape extends DBSchema {
  answers: { key: string; value: string };
  commands: { key: string; value: Command };
  drafts: { key: string; value: Draft };
  places: { key: string; value: string };
  files: { key: string; value: KeptFile };
  /** What is in the files, by the same ids. */
  blobs: { key: string; value: Blob };
}

/** Something typed and not sent, by what it belongs to, such as `comment:5` or `form:3`. */
export interface Draft {
  key: string;
  value: unknown;
  at: number;
}

const TABLES = ["answers", "commands", "drafts", "places", "files", "blobs"] as const;
export type Table = (typeof TABLES)[number];
type ValueOf<T extends Table> = Shape[T]["value"];

/** 2: files. */
const VERSION = 2;

/** A database that may fail at any time without anything being lost while the tab is open. */
export class Store {
  private database: IDBPDatabase<Shape> | undefined;
  private readonly memory = Object.fromEntries(TABLES.map((table) => [table, new Map()])) as Record<
    Table,
    Map<string, unknown>
  >;
  private listeners = new Set<() => void>();
  /** Whether what is written outlives the tab. */
  kept = true;

  private constructor(readonly name: string) {}

  static async open(name: string): Promise<Store> {
    const store = new Store(name);
    try {
      store.database = await openDB<Shape>(name, VERSION, {
        upgrade(database) {
          for (const table of TABLES) {
            if (!database.objectStoreNames.contains(table)) database.createObjectStore(table);
          }
        },
        // A newer app in another tab wants to change the shape: let it.
        blocking() {
          store.database?.close();
          store.database = undefined;
        },
      });
    } catch {
      store.fails();
    }
    return store;
  }

  async get<T extends Table>(table: T, key: string): Promise<ValueOf<T> | undefined> {
    if (this.memory[table].has(key)) return this.memory[table].get(key) as ValueOf<T>;
    try {
      return (await this.database?.get(table, key)) as ValueOf<T> | undefined;
    } catch {
      return undefined;
    }
  }

  async all<T extends Table>(table: T): Promise<ValueOf<T>[]> {
    const held = this.memory[table] as Map<string, ValueOf<T>>;
    try {
      const transaction = this.database?.transaction(table);
      const [keys, values] = await Promise.all([
        transaction?.store.getAllKeys(),
        transaction?.store.getAll(),
      ]);
      const found = new Map((keys ?? []).map((key, index) => [String(key), values?.[index] as ValueOf<T>]));
      return [...new Map([...found, ...held]).values()];
    } catch {
      return [...held.values()];
    }
  }

  /** Whether it is on disk now; it is held in memory if not. */
  async put<T extends Table>(table: T, key: string, value: ValueOf<T>): Promise<boolean> {
    try {
      if (!this.database) throw new Error("closed");
      const transaction = this.database.transaction(table, "readwrite");
      const written = transaction.store.put(value as never, key);
      // Said at once: what is written as a tab closes is not waited for by it.
      transaction.commit();
      await Promise.all([written, transaction.done]);
      this.memory[table].delete(key);
      return true;
    } catch {
      // An answer can be asked for again; nothing is lost without it.
      if (table !== "answers") {
        this.memory[table].set(key, value);
        // A file for which there is no room is told of where it is shown; what is typed may be kept all the same.
        if (table !== "blobs") this.fails();
      }
      return false;
    }
  }

  async delete(table: Table, key: string): Promise<void> {
    this.memory[table].delete(key);
    try {
      await this.database?.delete(table, key);
    } catch {
      // It stays, and is found again; whoever reads it copes.
    }
  }

  async clear(table: Table): Promise<void> {
    this.memory[table].clear();
    try {
      await this.database?.clear(table);
    } catch {
      // As above.
    }
  }

  close(): void {
    this.database?.close();
    this.database = undefined;
  }

  onFailure(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private fails(): void {
    if (!this.kept) return;
    this.kept = false;
    for (const listener of this.listeners) listener();
  }
}

/** What is kept for one person. */
export const storeName = (organisation: number, person: number): string => `nashi-${organisation}-${person}`;

let prepared: Promise<Store> | undefined;

/** Opens it before it is wanted, while the browser waits for the network anyway. */
export function prepareStore(name: string): Promise<Store> {
  prepared = Store.open(name);
  return prepared;
}

/** The store of that name: the prepared one, once, or another. */
export async function takeStore(name: string): Promise<Store> {
  const early = await prepared;
  prepared = undefined;
  if (early?.name === name) return early;
  early?.close();
  return Store.open(name);
}
