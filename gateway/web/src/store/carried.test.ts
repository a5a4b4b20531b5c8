import { expect, test } from "vitest";
import { asSent, attachedIn, filesIn, without } from "./carried";

const kept = { kept_file: "one", name: "a.png", size: 6 };
const had = { attachment_id: 57, name: "b.pdf", size: 3, url: "/services/attachment?Id=57" };

test("files are found wherever a body has them", () => {
  expect(filesIn(undefined)).toEqual([]);
  expect(filesIn({ text: "words" })).toEqual([]);
  const cell = { id: 2, value: [{ ...kept, kept_file: "two" }] };
  const body = {
    attachments: [kept, had],
    field_updates: [{ id: 7, value: [{ row_id: 0, cells: [cell] }] }],
  };
  expect(filesIn(body)).toEqual(["one", "two"]);
});

test("a body is sent with the server's words for its files", () => {
  const guids = new Map([["one", "guid-1"]]);
  const body = { text: "x", attachments: [kept, had], field_updates: [{ id: 7, value: [kept] }] };
  expect(asSent(body, guids)).toEqual({
    text: "x",
    attachments: ["guid-1", { attachment_id: 57 }],
    field_updates: [{ id: 7, value: ["guid-1"] }],
  });
  expect(asSent(undefined, guids)).toBeUndefined();
  // A new version says whose it is; one that is there does not.
  const versions = {
    attachments: [
      { ...kept, root_id: 57 },
      { ...had, version: 2, root_id: 5 },
    ],
  };
  expect(asSent(versions, guids)).toEqual({
    attachments: [{ guid: "guid-1", root_id: 57 }, { attachment_id: 57 }],
  });
});

test("a body goes on without a file as long as something is left of it", () => {
  expect(without({ text: "x", attachments: [kept] }, "one")).toEqual({ text: "x" });
  expect(without({ attachments: [kept], skip_notification: true }, "one")).toBeUndefined();
  expect(without({ edit_comment_id: 3, attachments: [kept] }, "one")).toEqual({
    edit_comment_id: 3,
    attachments: [],
  });
  expect(without({ field_updates: [{ id: 7, value: [kept, had] }] }, "one")).toEqual({
    field_updates: [{ id: 7, value: [had] }],
  });
});

test("files are read from answers and from changes, and what is none is left out", () => {
  expect(attachedIn([{ id: 57, name: "b.pdf", size: 3, md5: "x", url: "/u", version: 2 }])).toEqual([
    { attachment_id: 57, name: "b.pdf", size: 3, url: "/u", version: 2 },
  ]);
  expect(attachedIn([kept, null, {}, 4])).toEqual([kept]);
  expect(attachedIn(undefined)).toEqual([]);
});
