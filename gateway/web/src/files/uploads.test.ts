import "fake-indexeddb/auto";
import { openDB } from "idb";
import { expect, test, vi } from "vitest";
import { Problem, Unreachable } from "~/api/problem";
import { files as words } from "~/i18n/en/files";
import { Store } from "~/store/db";
import { type Accepted, Outbox, type Sender } from "~/store/outbox";
import type { Upload } from "./upload";
import { Uploads } from "./uploads";

let count = 0;
const fresh = () => `nashi-files-${count++}`;
const photo = (text = "pixels") => new Blob([text], { type: "image/png" });
const named = (id: string, name = "a.png") => ({ kept_file: id, name, size: 6, media_type: "image/png" });
const comment = (task: number, ...ids: string[]) => ({
  method: "POST" as const,
  path: `/v4/tasks/${task}/comments`,
  body: ids.length > 0 ? { attachments: ids.map((id) => named(id)) } : { text: "words" },
  kind: "comment" as const,
  task,
});

/** A browser's tab: its store, its uploads and its outbox. */
async function tab(name: string, upload: Upload, sender: Sender) {
  const store = await Store.open(name);
  const accepted: Accepted[] = [];
  let uploads: Promise<Uploads> | undefined;
  const files = () => {
    uploads ??= Uploads.open(store, words, upload);
    return uploads;
  };
  const outbox = await Outbox.open(store, (one) => accepted.push(one), sender, files);
  const close = async () => {
    outbox.close();
    (await uploads)?.close();
    store.close();
  };
  return { store, files, outbox, accepted, close };
}

/** An upload that ends when it is told to. */
function held() {
  const ends: ((guid: string) => void)[] = [];
  const keys: string[] = [];
  const upload = vi.fn<Upload>(
    ({ key }, _told, signal) =>
      new Promise((resolve, reject) => {
        keys.push(key);
        ends.push(resolve);
        signal.addEventListener("abort", () => reject(new Unreachable("cut")));
      }),
  );
  return { upload, ends, keys };
}

const answers = () => ({ answer: {}, position: 1, replayed: false });

test("a file is written down before anything of it is sent, and its change is sent after it with its guid", async () => {
  const { upload, ends } = held();
  const sender = vi.fn<Sender>(async () => answers());
  const { store, files, outbox, close } = await tab(fresh(), upload, sender);
  (await files()).add("one", photo(), named("one"));
  await outbox.add(comment(5, "one"));
  await vi.waitFor(() => expect(upload).toHaveBeenCalledOnce());
  expect(await (await store.get("blobs", "one"))?.text()).toBe("pixels");
  expect(sender).not.toHaveBeenCalled();
  ends[0]?.("guid-1");
  await vi.waitFor(() => expect(outbox.pending()).toEqual([]));
  expect(sender.mock.calls.map(([, , body]) => body)).toEqual([{ attachments: ["guid-1"] }]);
  await vi.waitFor(async () => expect(await store.all("files")).toEqual([]));
  expect(await store.all("blobs")).toEqual([]);
  await close();
});

test("a file that is under way holds up what is done to its task after it, and nothing else", async () => {
  const { upload, ends } = held();
  const sent: string[] = [];
  const sender: Sender = async (_method, path, body) => {
    sent.push(`${path} ${"attachments" in (body as object) ? "file" : "words"}`);
    return answers();
  };
  const { files, outbox, close } = await tab(fresh(), upload, sender);
  (await files()).add("one", photo(), named("one"));
  await outbox.add(comment(5, "one"));
  await outbox.add(comment(5));
  await outbox.add(comment(6));
  await vi.waitFor(() => expect(sent).toEqual(["/v4/tasks/6/comments words"]));
  ends[0]?.("guid-1");
  await vi.waitFor(() => expect(outbox.pending()).toEqual([]));
  expect(sent.slice(1)).toEqual(["/v4/tasks/5/comments file", "/v4/tasks/5/comments words"]);
  await close();
});

test("a file that several changes share stays until the last of them was accepted", async () => {
  const upload = vi.fn<Upload>(async () => "guid-1");
  const sender = vi.fn<Sender>(async () => answers());
  const { store, files, outbox, close } = await tab(fresh(), upload, sender);
  (await files()).add("one", photo(), named("one"));
  await vi.waitFor(async () => expect((await store.get("files", "one"))?.guid).toBe("guid-1"));
  const added = outbox.addAll([comment(5, "one"), comment(6, "one"), comment(7, "one")]);
  // All of them name it before any of them can be accepted.
  expect(outbox.pending()).toHaveLength(3);
  await added;
  await vi.waitFor(() => expect(outbox.pending()).toEqual([]));
  expect(sender.mock.calls.map(([, path, body]) => [path, body])).toEqual(
    [5, 6, 7].map((task) => [`/v4/tasks/${task}/comments`, { attachments: ["guid-1"] }]),
  );
  expect(upload).toHaveBeenCalledOnce();
  await vi.waitFor(async () => expect(await store.all("blobs")).toEqual([]));
  await close();
});

test("a tab that is closed in the midst leaves the file to the next one, which sends it under the same key", async () => {
  const name = fresh();
  const first = held();
  const sender = vi.fn<Sender>(async () => answers());
  const one = await tab(name, first.upload, sender);
  (await one.files()).add("one", photo(), named("one"));
  await one.outbox.add(comment(5, "one"));
  await vi.waitFor(() => expect(first.keys).toHaveLength(1));
  await one.close();
  const upload = vi.fn<Upload>(async () => "guid-2");
  const two = await tab(name, upload, sender);
  await vi.waitFor(() => expect(two.outbox.pending()).toEqual([]));
  expect(upload.mock.calls.map(([{ key }]) => key)).toEqual(first.keys);
  expect(await upload.mock.calls[0]?.[0].blob.text()).toBe("pixels");
  expect(sender.mock.calls.map(([, , body]) => body)).toEqual([{ attachments: ["guid-2"] }]);
  await two.close();
});

test("a change whose answer was lost is repeated with the same guid, also by the next tab", async () => {
  const name = fresh();
  const upload = vi.fn<Upload>().mockResolvedValueOnce("guid-1").mockResolvedValue("guid-2");
  const hangs = vi.fn<Sender>(() => new Promise(() => undefined));
  const one = await tab(name, upload, hangs);
  (await one.files()).add("one", photo(), named("one"));
  const command = await one.outbox.add(comment(5, "one"));
  await vi.waitFor(() => expect(hangs).toHaveBeenCalledOnce());
  await one.close();
  const sender = vi.fn<Sender>(async () => answers());
  const two = await tab(name, upload, sender);
  await vi.waitFor(() => expect(two.outbox.pending()).toEqual([]));
  expect(sender.mock.calls.map(([, , body, key]) => [body, key])).toEqual([
    [{ attachments: ["guid-1"] }, command.id],
  ]);
  expect(upload).toHaveBeenCalledOnce();
  await two.close();
});

test("an unreached server is tried again under the same key", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const keys: string[] = [];
  const upload: Upload = async ({ key }) => {
    keys.push(key);
    if (keys.length < 3) throw new Unreachable("cut");
    return "guid-1";
  };
  const { files, outbox, close } = await tab(fresh(), upload, async () => answers());
  (await files()).add("one", photo(), named("one"));
  await outbox.add(comment(5, "one"));
  await vi.waitFor(async () => {
    await vi.advanceTimersByTimeAsync(1_000);
    expect(outbox.pending()).toEqual([]);
  });
  vi.useRealTimers();
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  await close();
});

test("a file that is refused refuses its change in words, which goes on without it", async () => {
  const upload: Upload = async ({ name }) => {
    if (name === "big.iso") throw new Problem(413, "too_large_request_length", "At most 250 MB");
    return "guid-1";
  };
  const sender = vi.fn<Sender>(async () => answers());
  const { store, files, outbox, close } = await tab(fresh(), upload, sender);
  const uploads = await files();
  uploads.add("big", photo(), named("big", "big.iso"));
  uploads.add("small", photo(), named("small"));
  await outbox.add({ ...comment(5), body: { attachments: [named("small"), named("big", "big.iso")] } });
  await vi.waitFor(() => expect(outbox.pending()[0]?.state).toBe("refused"));
  const [refused] = outbox.pending();
  expect(refused?.refusal).toEqual({
    status: 413,
    code: "too_large_request_length",
    message: "big.iso is too large for the server.",
    file: "big",
  });
  expect(sender).not.toHaveBeenCalled();
  await outbox.again(refused?.id ?? "", { attachments: [named("small")] });
  await vi.waitFor(() => expect(outbox.pending()).toEqual([]));
  expect(sender.mock.calls.map(([, , body]) => body)).toEqual([{ attachments: ["guid-1"] }]);
  await vi.waitFor(async () => expect(await store.all("blobs")).toEqual([]));
  await close();
});

test("an empty file is refused before it is sent", async () => {
  const upload = vi.fn<Upload>(async () => "guid");
  const { files, outbox, close } = await tab(fresh(), upload, async () => answers());
  (await files()).add("none", new Blob([]), { ...named("none", "none.txt"), size: 0 });
  await outbox.add(comment(5, "none"));
  await vi.waitFor(() => expect(outbox.pending()[0]?.refusal?.code).toBe("empty_file"));
  expect(upload).not.toHaveBeenCalled();
  await close();
});

test("a guid that the server knows no more is exchanged for a new one when the change is tried again", async () => {
  let uploads = 0;
  const keys = new Set<string>();
  const upload: Upload = async ({ key }) => {
    keys.add(key);
    return `guid-${++uploads}`;
  };
  const sent: unknown[] = [];
  const sender: Sender = async (_method, _path, body) => {
    sent.push(body);
    if (sent.length === 1) throw new Problem(400, "unrecognized_attachment_id", "No such file");
    return answers();
  };
  const { files, outbox, close } = await tab(fresh(), upload, sender);
  (await files()).add("one", photo(), named("one"));
  const command = await outbox.add(comment(5, "one"));
  await vi.waitFor(() => expect(outbox.pending()[0]?.state).toBe("refused"));
  await outbox.again(command.id);
  await vi.waitFor(() => expect(outbox.pending()).toEqual([]));
  expect(sent).toEqual([{ attachments: ["guid-1"] }, { attachments: ["guid-2"] }]);
  expect(keys.size).toBe(2);
  await close();
});

test("a change whose file the browser lost says so", async () => {
  const name = fresh();
  const one = await tab(name, held().upload, async () => answers());
  (await one.files()).add("one", photo(), named("one"));
  await one.outbox.add(comment(5, "one"));
  await one.store.delete("blobs", "one");
  await one.close();
  const two = await tab(name, held().upload, async () => answers());
  await vi.waitFor(() =>
    expect(two.outbox.pending()[0]?.refusal).toMatchObject({ code: "file_lost", file: "one" }),
  );
  await two.close();
});

test("a file for which there is no room is sent all the same, and said to be in this tab only", async () => {
  const { upload, ends } = held();
  const { store, files, outbox, close } = await tab(fresh(), upload, async () => answers());
  const put = store.put.bind(store);
  store.put = async (table, key, value) => {
    if (table !== "blobs") return put(table, key, value);
    const { get } = store;
    store.get = async (from, id) =>
      from === "blobs" && id === key ? (value as never) : get.call(store, from, id);
    return false;
  };
  const uploads = await files();
  uploads.add("one", photo(), named("one"));
  await vi.waitFor(() => expect(uploads.isUnkept("one")).toBe(true));
  expect(store.kept).toBe(true);
  await outbox.add(comment(5, "one"));
  await vi.waitFor(() => expect(upload).toHaveBeenCalledOnce());
  ends[0]?.("guid-1");
  await vi.waitFor(() => expect(outbox.pending()).toEqual([]));
  await close();
});

test("a change that is given up takes its file along, one that is mended does not", async () => {
  const { upload } = held();
  const { store, files, outbox, close } = await tab(fresh(), upload, async () => answers());
  const uploads = await files();
  uploads.add("one", photo(), named("one"));
  uploads.add("two", photo(), named("two"));
  const mended = await outbox.add(comment(5, "one"));
  const given = await outbox.add(comment(6, "two"));
  await outbox.discard(mended.id, true);
  await outbox.discard(given.id);
  expect((await store.all("files")).map(({ id }) => id)).toEqual(["one"]);
  expect(uploads.stateOf("two")).toBeUndefined();
  await close();
});

test("a file that two changes name stays until both are through", async () => {
  const upload = vi.fn<Upload>(async () => "guid-1");
  const sender = vi.fn<Sender>(async () => answers());
  const { store, files, outbox, close } = await tab(fresh(), upload, sender);
  (await files()).add("one", photo(), named("one"));
  await Promise.all([outbox.add(comment(5, "one")), outbox.add(comment(6, "one"))]);
  await vi.waitFor(() => expect(outbox.pending()).toEqual([]));
  expect(sender.mock.calls.map(([, , body]) => body)).toEqual(Array(2).fill({ attachments: ["guid-1"] }));
  expect(upload).toHaveBeenCalledOnce();
  await vi.waitFor(async () => expect(await store.all("blobs")).toEqual([]));
  await close();
});

test("what nothing names any more is dropped once it was sent or a day later, what a draft names is not", async () => {
  const store = await Store.open(fresh());
  const old = {
    name: "a.png",
    size: 6,
    media_type: "",
    at: Date.now() - 2 * 86_400_000,
    key: "k",
    guid: "g",
  };
  for (const id of ["named", "left", "sent"]) {
    await store.put("files", id, { ...old, id, ...(id === "sent" && { at: Date.now(), told: true }) });
    await store.put("blobs", id, photo());
  }
  await store.put("drafts", "comment:5", {
    key: "comment:5",
    value: { text: "", files: [named("named")] },
    at: 0,
  });
  const uploads = await Uploads.open(store, words, held().upload);
  await vi.waitFor(async () => expect((await store.all("files")).map(({ id }) => id)).toEqual(["named"]));
  uploads.close();
  store.close();
});

test("what a database without files holds is there after it has learnt of them", async () => {
  const name = fresh();
  const before = await openDB(name, 1, {
    upgrade(database) {
      for (const table of ["answers", "commands", "drafts", "places"]) database.createObjectStore(table);
    },
  });
  await before.put("drafts", { key: "comment:5", value: { text: "typed" }, at: 1 }, "comment:5");
  before.close();
  const store = await Store.open(name);
  expect((await store.get("drafts", "comment:5"))?.value).toEqual({ text: "typed" });
  expect(await store.put("blobs", "one", photo())).toBe(true);
  store.close();
});
