import { describe, expect, it, vi } from "vitest";
import { Problem, Unreachable } from "~/api/problem";
import { Design, type Kept } from "./design";
import { change, fresh, insert, remove } from "./model/edit";
import type { Defined, Definition } from "./model/wire";

/** A server that gives ids and keeps what was deleted, as far as these tests go. */
function serverOf(fields: Definition["fields"]) {
  let defined: Defined = { form_id: 1, template: 1, version: 1, published: { fields } };
  let last = 9;
  let fails: Error | undefined;
  const kept: (Kept | undefined)[] = [];
  return {
    kept,
    fail: (error: Error | undefined) => {
      fails = error;
    },
    put: (draft: Definition) => {
      defined = { ...defined, version: defined.version + 1, draft };
    },
    defined: () => defined,
    ports: {
      read: async () => {
        if (fails) throw fails;
        return structuredClone(defined);
      },
      save: async (draft: Definition, seen: Defined) => {
        if (seen.version !== defined.version) throw new Problem(409, "conflict", "changed");
        const given = draft.fields.map((field) => {
          if (field.id) return field;
          last += 1;
          return { ...field, id: last };
        });
        defined = { ...defined, version: defined.version + 1, draft: { ...draft, fields: given } };
      },
      keep: (one: Kept | undefined) => void kept.push(one),
    },
  };
}

const rename = (name: string) => (doc: Parameters<typeof change>[0]) => change(doc, "f1", { name });

describe("a form that is being designed", () => {
  it("saves the draft by itself once one pauses, and learns the ids of what is new", async () => {
    vi.useFakeTimers();
    const server = serverOf([{ id: 1, name: "A", type: "text" }]);
    const design = new Design(server.defined(), server.ports);
    design.edit((doc) => insert(doc, fresh("date", "Day", String), { in: "root" }, 0));
    expect(design.snapshot().saving.state).toBe("unsaved");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(design.snapshot().saving.state).toBe("saved");
    expect(server.defined().draft?.fields.map(({ id }) => id)).toEqual([10, 1]);
    expect(server.kept.at(-1)).toBeUndefined();
    design.undo();
    design.redo();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(design.definition().fields.map(({ id }) => id)).toEqual([10, 1]);
    vi.useRealTimers();
  });

  it("overwrites nothing that was saved elsewhere between its look and its own saving", async () => {
    vi.useFakeTimers();
    const server = serverOf([{ id: 1, name: "A", type: "text" }]);
    const { read } = server.ports;
    let looks = 0;
    server.ports.read = async () => {
      const seen = await read();
      looks += 1;
      if (looks === 1) server.put({ fields: [{ id: 1, name: "Theirs", type: "text" }] });
      return seen;
    };
    const design = new Design(server.defined(), server.ports);
    design.edit(rename("Mine"));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(server.defined().draft?.fields[0]?.name).toBe("Theirs");
    expect(design.snapshot().saving.state).toBe("conflict");
    design.keepMine();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(server.defined().draft?.fields[0]?.name).toBe("Mine");
    vi.useRealTimers();
  });

  it("keeps on the device what the server refuses, and says where", async () => {
    const server = serverOf([{ id: 1, name: "A", type: "text" }]);
    const design = new Design(server.defined(), server.ports);
    server.ports.save = async () => {
      throw new Problem(400, "invalid_field_name", "field 1: a field needs a name");
    };
    design.edit(rename(""));
    expect(await design.flush()).toBe(false);
    expect(design.snapshot().saving).toMatchObject({ state: "refused", where: { field: "f1" } });
    expect(server.kept.at(-1)?.doc.fields[0]?.name).toBe("");
    const again = new Design(server.defined(), serverOf([]).ports, server.kept.at(-1));
    expect(again.doc.fields[0]?.name).toBe("");
    again.close();
  });

  it("waits for a server that is not reached", async () => {
    vi.useFakeTimers();
    const server = serverOf([{ id: 1, name: "A", type: "text" }]);
    const design = new Design(server.defined(), server.ports);
    server.fail(new Unreachable("cut"));
    design.edit(rename("B"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(design.snapshot().saving.state).toBe("offline");
    server.fail(undefined);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(design.snapshot().saving.state).toBe("saved");
    expect(server.defined().draft?.fields[0]?.name).toBe("B");
    vi.useRealTimers();
  });

  it("never writes over what somebody else did meanwhile, unless it is told to", async () => {
    const server = serverOf([{ id: 1, name: "A", type: "text" }]);
    const design = new Design(server.defined(), server.ports);
    server.put({ fields: [{ id: 1, name: "Theirs", type: "text" }] });
    design.edit(rename("Mine"));
    await design.flush();
    expect(design.snapshot().saving.state).toBe("conflict");
    expect(server.defined().draft?.fields[0]?.name).toBe("Theirs");
    design.keepMine();
    await design.flush();
    expect(server.defined().draft?.fields[0]?.name).toBe("Mine");
    server.put({ fields: [{ id: 1, name: "Again", type: "text" }] });
    design.edit((doc) => remove(doc, "f1"));
    await design.flush();
    design.takeTheirs();
    expect(design.doc.fields[0]?.name).toBe("Again");
    design.undo();
    expect(design.doc.fields).toEqual([]);
  });
});
