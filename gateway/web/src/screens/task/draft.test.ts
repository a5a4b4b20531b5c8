// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { fromText, toDialect } from "./convert";
import { bodyOf, draftOf, isBlank } from "./draft";

test("plain words are sent as plain words", () => {
  expect(bodyOf({ text: " Hello <b> " })).toEqual({ text: "Hello <b>" });
  expect(bodyOf({ text: "  " })).toBeUndefined();
});

test("a decision without words is sent, and words go with it", () => {
  expect(bodyOf({ text: "" }, { approval_choice: "approved" })).toEqual({ approval_choice: "approved" });
  expect(bodyOf({ text: "Fine" }, { approval_choice: "approved" })).toEqual({
    text: "Fine",
    approval_choice: "approved",
  });
});

test("time that was spent is something to send, and that nobody is told of nothing is nothing", () => {
  expect(bodyOf({ text: "", minutes: 15 })).toEqual({ spent_minutes: 15 });
  expect(bodyOf({ text: "", silent: true })).toBeUndefined();
});

test("files alone are something to say, and of an edited comment all that stay are named", () => {
  const file = { kept_file: "one", name: "a.png", size: 6 };
  const had = { attachment_id: 57, name: "b.pdf", size: 3 };
  expect(bodyOf({ text: "", files: [file] })).toEqual({ attachments: [file] });
  expect(bodyOf({ text: "x", files: [] })).toEqual({ text: "x" });
  expect(bodyOf({ text: "x", edit: 9, files: [] })).toEqual({
    text: "x",
    edit_comment_id: 9,
    attachments: [],
  });
  expect(bodyOf({ text: "", edit: 9, files: [had, file] })).toEqual({
    edit_comment_id: 9,
    text: "",
    attachments: [had, file],
  });
  expect(bodyOf({ text: "", edit: 9, files: [] })).toBeUndefined();
  const draft = { text: "x", files: [had, file] };
  expect(draftOf(bodyOf(draft))).toEqual(draft);
});

test("an answer quotes what it answers, whatever the name and the words hold", () => {
  const reply = { id: 7, person: 2, name: 'A "B"', text: "<i>" };
  const body = bodyOf({ text: "a\nb & c", reply });
  expect(body?.formatted_text).toBe(
    '<quote data-noteid="7" data-personid="2" data-personname="A &quot;B&quot;">&lt;i&gt;</quote>a<br>b &amp; c',
  );
  expect(draftOf(body)).toMatchObject({ reply, text: "a\nb & c" });
});

test("what was refused comes back as it was written", () => {
  const draft = { text: "yes", html: "<b>yes</b>", minutes: 5, silent: true };
  expect(draftOf(bodyOf(draft))).toEqual(draft);
  expect(isBlank(draftOf({}))).toBe(true);
});

test("what the editor holds becomes the few tags of the dialect", () => {
  expect(toDialect("<p>one</p><p>two</p>")).toBeUndefined();
  expect(toDialect("<p>a <strong>b</strong> <em>c</em></p><p>d</p>")).toBe("a <b>b</b> <i>c</i><br>d");
  expect(toDialect("<ul><li><p>x</p></li><li><p>y</p></li></ul>")).toBe("<ul><li>x</li><li>y</li></ul>");
  expect(toDialect('<p><span data-personid="5">Anna &lt;</span> hi</p>')).toBe(
    '<span data-personid="5">Anna &lt;</span> hi',
  );
  expect(toDialect("<blockquote><p>said</p></blockquote><p>so</p>")).toBe("<q>said</q>so");
});

test("a link leads to the web or to mail, or is no link", () => {
  expect(toDialect('<p><a href="https://a.org/?x=1&amp;y=2">a</a></p>')).toBe(
    '<a href="https://a.org/?x=1&amp;y=2">a</a>',
  );
  expect(toDialect('<p><a href="javascript:alert(1)">a</a></p>')).toBe("a");
});

test("plain text is told to the editor line by line, with nothing in it acting", () => {
  expect(fromText("a\n<b>")).toBe("<p>a</p><p>&lt;b&gt;</p>");
});
