// Between the editor's HTML and the dialect's: the same words, by the few tags that the dialect knows.

/** Tags of the editor and what they are called in the dialect. */
const NAMES: Record<string, string> = {
  STRONG: "b",
  B: "b",
  EM: "i",
  I: "i",
  S: "s",
  CODE: "code",
  UL: "ul",
  OL: "ol",
  LI: "li",
  BLOCKQUOTE: "q",
};

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const attribute = (text: string): string => escaped(text).replaceAll('"', "&quot;");

/** What the editor holds, as `formatted_text`; nothing where plain words say it all. Needs a document. */
export function toDialect(html: string): string | undefined {
  const root = new DOMParser().parseFromString(html, "text/html").body;
  const plain = !root.querySelector(
    "strong, b, em, i, s, code, ul, ol, blockquote, a, span, pre, h1, h2, h3",
  );
  if (plain) return undefined;
  return children(root).replace(/(<br>)+$/, "");
}

function children(parent: Node): string {
  const kids = [...parent.childNodes];
  return kids.map((kid, index) => one(kid, index === kids.length - 1)).join("");
}

function one(node: Node, last: boolean): string {
  if (node.nodeType === Node.TEXT_NODE) return escaped(node.textContent ?? "");
  if (!(node instanceof Element)) return "";
  const tag = node.tagName;
  if (tag === "BR") return "<br>";
  if (tag === "SPAN") {
    const id = node.getAttribute("data-personid");
    const words = escaped(node.textContent ?? "");
    return id ? `<span data-personid="${attribute(id)}">${words}</span>` : words;
  }
  if (tag === "A") {
    const href = node.getAttribute("href") ?? "";
    return /^(https?:\/\/|mailto:)/i.test(href)
      ? `<a href="${attribute(href)}">${children(node)}</a>`
      : children(node);
  }
  if (tag === "PRE")
    return `<code>${children(node)
      .replace(/^<code>|<\/code>$/g, "")
      .replaceAll("\n", "<br>")}</code>${last ? "" : "<br>"}`;
  if (tag === "P") {
    // In a point of a list it stands for itself.
    const inside = node.parentElement?.tagName === "LI" || node.parentElement?.tagName === "BLOCKQUOTE";
    const words = children(node);
    if (inside) return last ? words : `${words}<br>`;
    return last ? words : `${words}<br>`;
  }
  if (/^H[1-6]$/.test(tag)) return `<div data-type="heading">${children(node)}</div>`;
  const name = NAMES[tag];
  return name ? `<${name}>${children(node)}</${name}>` : children(node);
}

/** The dialect's formatted text as the editor reads it. */
export function fromDialect(html: string): string {
  return html
    .replace(/<q>/g, "<blockquote>")
    .replace(/<\/q>/g, "</blockquote>")
    .replace(/<div data-type="heading">/g, "<p><b>")
    .replace(/<\/div>/g, "</b></p>");
}

/** Plain text as the editor reads it. */
export function fromText(text: string): string {
  return text
    .split("\n")
    .map((line) => `<p>${escaped(line)}</p>`)
    .join("");
}
