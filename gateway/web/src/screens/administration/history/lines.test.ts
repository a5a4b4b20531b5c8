import { expect, test } from "vitest";
import { csvOf, linesOf, momentOf, shownLines } from "./lines";

const EVENTS = `event_id,event_type,time,user_id,user_email,ip,extra_data,user_agent
1048576,1010,20260927T220000Z,0,,,{},nashi|nashi admin
2097152,49,20260927T220001Z,1001,hannah@example.com,10.0.0.1,"{""person_id"":1005,""rights"":4}","Chrome 156, Linux|Mozilla/5.0 (X11; Linux)"
`;

test("a history is read with its quotes, commas and details", () => {
  const [founded, rights] = linesOf(EVENTS);
  expect(founded).toMatchObject({ id: "1048576", event: 1010, person: 0, details: {}, program: "nashi" });
  expect(rights).toMatchObject({
    time: "2026-09-27T22:00:01Z",
    person: 1001,
    email: "hannah@example.com",
    details: { person_id: 1005, rights: 4 },
    program: "Chrome 156, Linux",
  });
});

test("other histories are read by the names of their columns", () => {
  const [read] = linesOf(
    "id,time,user_id,user_email,ip,task_id,user_agent\n7,20261128T231130Z,1,a@b.c,::1,127,curl|curl/8",
  );
  expect(read?.event).toBeUndefined();
  expect(read).toMatchObject({ id: "7", task: 127 });
  const [last] = linesOf(
    "user_id,user_email,first_name,last_name,last_action,ip,user_agent\n1,a@b.c,A,B,,,\n",
  );
  expect(last).toMatchObject({ id: "1", time: "", person: 1 });
});

test("what is no moment or no JSON breaks nothing", () => {
  expect(momentOf("yesterday")).toBe("");
  const [odd] = linesOf("event_id,event_type,time,user_id,extra_data\n1,x,y,z,{oops");
  expect(odd).toMatchObject({ id: "1", time: "", person: 0, details: {} });
  expect(linesOf("")).toEqual([]);
});

test("lines are filtered by kind, day and words, the newest first", () => {
  const lines = linesOf(EVENTS);
  const day = (moment: string) => moment.slice(0, 10);
  const none = () => "";
  expect(shownLines(lines, { text: "" }, day, none).map(({ id }) => id)).toEqual(["2097152", "1048576"]);
  expect(shownLines(lines, { text: "HANNAH 10.0" }, day, none)).toHaveLength(1);
  expect(shownLines(lines, { text: "", event: 1010 }, day, none)).toHaveLength(1);
  expect(shownLines(lines, { text: "", from: "2026-09-28" }, day, none)).toEqual([]);
  expect(shownLines(lines, { text: "novak" }, day, () => "Irene Novak")).toHaveLength(2);
});

test("a spreadsheet runs nothing that somebody wrote", () => {
  expect(csvOf([{ who: "=HYPERLINK(1)" }])).toContain("'=HYPERLINK(1)");
});
