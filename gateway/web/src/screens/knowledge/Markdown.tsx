// Markdown as it is read. It is drawn part by part, so that nothing in it is ever taken for HTML.

import { Square, SquareCheck } from "lucide-react";
import { memo, type ReactNode, useMemo, useState } from "react";
import { Link } from "wouter";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import css from "./Markdown.module.css";
import { type Block, blocksOf, type Inline, inlineOf } from "./markdown";

/** Blocks that are drawn at once; more when they are asked for. */
const AT_ONCE = 400;

export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const t = useT();
  const blocks = useMemo(() => blocksOf(text), [text]);
  const [count, setCount] = useState(AT_ONCE);
  return (
    <div className={css.markdown}>
      <Blocks blocks={blocks.slice(0, count)} />
      {blocks.length > count && (
        <Button onClick={() => setCount(count + AT_ONCE)}>{t.common.loadMore}</Button>
      )}
    </div>
  );
});

const Blocks = ({ blocks }: { blocks: readonly Block[] }) =>
  blocks.map((block, index) => <One key={index} block={block} />);

function One({ block }: { block: Block }): ReactNode {
  switch (block.kind) {
    case "heading": {
      // The article's title is the page's first heading.
      const Heading = `h${Math.min(6, block.level + 1)}` as "h2";
      return (
        <Heading id={block.id} className={css[`h${block.level}`]}>
          <Line text={block.text} />
        </Heading>
      );
    }
    case "paragraph":
      return (
        <p>
          <Line text={block.text} />
        </p>
      );
    case "code":
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case "quote":
      return (
        <blockquote>
          <Blocks blocks={block.blocks} />
        </blockquote>
      );
    case "list": {
      const List = block.start === undefined ? "ul" : "ol";
      return (
        <List start={block.start}>
          {block.items.map((item, index) => (
            <li key={index} className={item.done === undefined ? undefined : css.task}>
              {item.done !== undefined && (item.done ? <SquareCheck size={15} /> : <Square size={15} />)}
              <div>
                {item.blocks.map((inner, at) =>
                  inner.kind === "paragraph" ? (
                    <span key={at} className={css.line}>
                      <Line text={inner.text} />
                    </span>
                  ) : (
                    <One key={at} block={inner} />
                  ),
                )}
              </div>
            </li>
          ))}
        </List>
      );
    }
    case "table":
      return (
        <div className={css.frame}>
          <table>
            <thead>
              <tr>
                {block.head.map((cell, index) => (
                  <th key={index} scope="col">
                    <Line text={cell} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, at) => (
                    <td key={at}>
                      <Line text={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case "rule":
      return <hr />;
  }
}

function Line({ text }: { text: string }) {
  return <Parts parts={inlineOf(text)} />;
}

const Parts = ({ parts }: { parts: readonly Inline[] }) =>
  parts.map((part, index) => <Part key={index} part={part} />);

function Part({ part }: { part: Inline }): ReactNode {
  switch (part.kind) {
    case "text":
      return part.text;
    case "code":
      return <code>{part.text}</code>;
    case "break":
      return <br />;
    case "strong":
      return (
        <strong>
          <Parts parts={part.parts} />
        </strong>
      );
    case "em":
      return (
        <em>
          <Parts parts={part.parts} />
        </em>
      );
    case "strike":
      return (
        <s>
          <Parts parts={part.parts} />
        </s>
      );
    case "link":
      return part.href.startsWith("/") ? (
        <Link href={part.href}>
          <Parts parts={part.parts} />
        </Link>
      ) : (
        <a
          href={part.href}
          {...(!part.href.startsWith("#") && { target: "_blank", rel: "noopener noreferrer nofollow" })}
        >
          <Parts parts={part.parts} />
        </a>
      );
  }
}
