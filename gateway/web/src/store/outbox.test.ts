import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";
import { Problem, Unreachable } from "~/api/problem";
import { Store } from "./db";
import { type Accepted, Outbox, type Sender } from "./outbox";

let count = 0;
const fresh = () => `nashi-test-${count++}`;
const comment = (text: string) => ({
  method: "POST" as const,
  path: "/v4/tasks/5/comments",
  body: { text },
  kind: "comment" as const,
  task: 5,
});
const answers = (position: number) => ({ answer: { task: { id: 5 } }, position, replayed: false });

async function outboxOn(name: string, sender: Sender) {
  const accepted: Accepted[] = [];
  const store = await Store.open(name);
  const outbox = await Outbox.open(store, (one) => accepted.push(one), sender);
  return { outbox, store, accepted };
}

test("a change is written down before it is sent, and leaves when it is accepted", async () => {
  const name = fresh();
  let let_through: (() => void) | undefined;
  const sender = vi.fn<Sender>(async () => {
    await new Promise<void>((resolve) => {
      let_through = resolve;
    });
    return answers(7);
  });
  const { outbox, store, accepted } = await outboxOn(name, sender);
  await outbox.add(comment("hello"));
  await vi.waitFor(() => expect(sender).toHaveBeenCalledOnce());
  expect((await store.all("commands")).map(({ body, state }) => [body, state])).toEqual([
    [{ text: "hello" }, "sending"],
  ]);
  let_through?.();
  await vi.waitFor(() => expect(outbox.pending()).toEqual([]));
  expect(await store.all("commands")).toEqual([]);
  expect(accepted.map(({ position }) => position)).toEqual([7]);
  outbox.close();
});

test("what was being sent when the tab was closed is sent again under the same id", async () => {
  const name = fresh();
  const hangs = vi.fn<Sender>(() => new Promise(() => undefined));
  const first = await outboxOn(name, hangs);
  const command = await first.outbox.add(comment("once"));
  await vi.waitFor(() => expect(hangs).toHaveBeenCalledOnce());
  first.outbox.close();
  first.store.close();
  const sender = vi.fn<Sender>(async () => answers(8));
  const second = await outboxOn(name, sender);
  await vi.waitFor(() => expect(second.outbox.pending()).toEqual([]));
  expect(sender.mock.calls.map((call) => call[3])).toEqual([command.id]);
  second.outbox.close();
});

test("changes are sent in their order, and an unreached server is tried again with the same id", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const tried: [string, string][] = [];
  let down = 2;
  const sender: Sender = async (_method, _path, body, key) => {
    tried.push([(body as { text: string }).text, key]);
    if (down-- > 0) throw new Unreachable("cut");
    return answers(1);
  };
  const { outbox } = await outboxOn(fresh(), sender);
  await outbox.add(comment("first"));
  await outbox.add(comment("second"));
  await vi.waitFor(async () => {
    await vi.advanceTimersByTimeAsync(1_000);
    expect(outbox.pending()).toEqual([]);
  });
  vi.useRealTimers();
  expect(tried.map(([text]) => text)).toEqual(["first", "first", "first", "second"]);
  expect(new Set(tried.slice(0, 3).map(([, key]) => key)).size).toBe(1);
  outbox.close();
});

test("a refused change stays with its reason, holds nothing up, and goes again under a new id when it was mended", async () => {
  const keys: string[] = [];
  const sender: Sender = async (_method, _path, body, key) => {
    keys.push(key);
    if ((body as { text: string }).text === "bad") throw new Problem(403, "access_denied_task", "No");
    return answers(1);
  };
  const { outbox } = await outboxOn(fresh(), sender);
  const refused = outbox.settled(comment("bad"));
  await expect(refused).rejects.toMatchObject({ code: "access_denied_task" });
  await outbox.add(comment("good"));
  await vi.waitFor(() =>
    expect(outbox.pending().map(({ state, refusal }) => [state, refusal?.code])).toEqual([
      ["refused", "access_denied_task"],
    ]),
  );
  const [left] = outbox.pending();
  await outbox.again(left?.id ?? "", { text: "better" });
  await vi.waitFor(() => expect(outbox.pending()).toEqual([]));
  expect(new Set(keys).size).toBe(3);
  outbox.close();
});

test("nothing is sent while nobody is signed in, and everything after", async () => {
  let signedIn = false;
  const sender = vi.fn<Sender>(async () => {
    if (!signedIn) throw new Problem(401, "authorization_required", "Sign in");
    return answers(1);
  });
  const { outbox } = await outboxOn(fresh(), sender);
  await outbox.add(comment("waits"));
  await vi.waitFor(() => expect(outbox.pending()[0]?.state).toBe("queued"));
  await outbox.add(comment("waits as well"));
  expect(sender).toHaveBeenCalledOnce();
  signedIn = true;
  outbox.go();
  await vi.waitFor(() => expect(outbox.pending()).toEqual([]));
  outbox.close();
});

test("a change that is given up is not sent, one that is under way cannot be given up", async () => {
  const sender = vi.fn<Sender>(() => new Promise(() => undefined));
  const { outbox } = await outboxOn(fresh(), sender);
  const first = await outbox.add(comment("under way"));
  const second = await outbox.add(comment("not yet"));
  await vi.waitFor(() => expect(outbox.pending()[0]?.state).toBe("sending"));
  await outbox.discard(first.id);
  await outbox.discard(second.id);
  expect(outbox.pending().map(({ id }) => id)).toEqual([first.id]);
  outbox.close();
});

test("where the browser keeps nothing, changes are held in memory and that is said", async () => {
  const store = await Store.open(fresh());
  store.close();
  const failed = vi.fn();
  store.onFailure(failed);
  const sender = vi.fn<Sender>(() => new Promise(() => undefined));
  const outbox = await Outbox.open(store, () => undefined, sender);
  await outbox.add(comment("in memory"));
  expect(store.kept).toBe(false);
  expect(failed).toHaveBeenCalledOnce();
  expect((await store.all("commands")).map(({ body }) => body)).toEqual([{ text: "in memory" }]);
  outbox.close();
});
