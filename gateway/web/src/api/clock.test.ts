import { expect, test } from "vitest";
import { clockAhead, hearTime, subscribeClock } from "./clock";

const there = Date.UTC(2026, 10, 29, 12, 0, 0);
const answer = (headers: Record<string, string> = {}) =>
  new Response(null, { headers: { Date: new Date(there).toUTCString(), ...headers } });

test("a clock is told to be wrong by how much it is, and right again once it is mended", () => {
  let told = 0;
  subscribeClock(() => {
    told += 1;
  });
  hearTime(answer(), there + 90_000);
  expect(clockAhead()).toBe(0);
  hearTime(answer(), there - 3 * 3_600_000);
  expect(clockAhead()).toBe(-180);
  hearTime(answer(), there - 3 * 3_600_000 + 31_000);
  expect(told).toBe(1);
  // What a cache has kept, and an answer that says no time, say nothing of the clock.
  hearTime(answer({ Age: "3600" }), there + 3_600_000);
  hearTime(new Response(), there + 3_600_000);
  expect(clockAhead()).toBe(-180);
  hearTime(answer(), there);
  expect([clockAhead(), told]).toEqual([0, 2]);
});
