// Formatted text of the dialect, made safe once more before it is shown: only its own few tags are left, links lead out in a tab of their
// own, and nothing in it can act.

import createDOMPurify from "dompurify";

const TAGS = [
  "b",
  "i",
  "s",
  "code",
  "br",
  "p",
  "q",
  "ul",
  "ol",
  "li",
  "div",
  "mark",
  "a",
  "span",
  "quote",
  "strong",
  "em",
];
const ATTRIBUTES = ["data-type", "data-color", "data-personid", "data-noteid", "data-personname", "href"];

let purify: ReturnType<typeof createDOMPurify> | undefined;

function purifier(): ReturnType<typeof createDOMPurify> {
  if (purify) return purify;
  purify = createDOMPurify(window);
  purify.addHook("afterSanitizeAttributes", (node) => {
    if (node.tagName !== "A") return;
    if (!leadsSomewhere(node.getAttribute("href"))) {
      node.removeAttribute("href");
      return;
    }
    node.setAttribute("target", "_blank");
    node.setAttribute("rel", "noopener noreferrer nofollow");
  });
  return purify;
}

/** Only the web and mail. */
export const leadsSomewhere = (href: string | null | undefined): boolean =>
  Boolean(href && /^(https?:\/\/|mailto:)/i.test(href));

export function cleaned(html: string): string {
  return purifier().sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
  });
}

export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
