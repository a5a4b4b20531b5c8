// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { leadsSomewhere } from "./html";

test("only the web and mail are led to", () => {
  for (const href of ["https://a.org", "HTTP://a.org", "mailto:a@b.org"])
    expect(leadsSomewhere(href)).toBe(true);
  for (const href of [
    "javascript:alert(1)",
    " https://a.org",
    "data:text/html,x",
    "/inside",
    "",
    null,
    undefined,
  ])
    expect(leadsSomewhere(href)).toBe(false);
});
