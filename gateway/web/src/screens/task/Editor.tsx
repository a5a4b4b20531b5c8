// The editor with formatting and names, loaded when there is time for it. What it holds is handed on as plain text and as the dialect's
// formatted text.

import Mention from "@tiptap/extension-mention";
import { Placeholder } from "@tiptap/extensions";
import { EditorContent, useEditor, useEditorState } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { Bold, Code, Italic, Link as LinkIcon, List, ListOrdered, Quote } from "lucide-react";
import {
  memo,
  type ReactNode,
  type Ref,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useFormat, useT } from "~/i18n";
import { useDirectory } from "~/store/directory";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { TextField } from "~/ui/Field";
import { fromDialect, fromText, toDialect } from "./convert";
import type { Draft } from "./draft";
import css from "./Editor.module.css";
import { MENTIONS, type MentionAsk, MentionList, mentionId } from "./MentionList";

export interface EditorHandle {
  focus: () => void;
  put: (draft: Draft) => void;
}

interface Props {
  label: string;
  /** What is in it when it comes. */
  initial: () => Draft;
  /** The plain field in whose place it comes. */
  taking: RefObject<HTMLTextAreaElement | null>;
  /** Nobody writes: only the line to write in is shown. */
  compact: boolean;
  onChange: (text: string, html: string | undefined) => void;
  /** Whether a key was taken. */
  onKey: (event: KeyboardEvent) => boolean;
  ref?: Ref<EditorHandle>;
}

const contentOf = ({ text, html }: Draft): string => (html ? fromDialect(html) : fromText(text));

function RichEditor({ label, initial, taking, compact, onChange, onKey, ref }: Props) {
  const t = useT();
  const format = useFormat();
  const directory = useDirectory();
  const [ask, setAsk] = useState<MentionAsk>();
  const [address, setAddress] = useState<string>();
  const latest = useRef({ onChange, onKey, directory, ask });
  latest.current = { onChange, onKey, directory, ask };
  const placeholder = useRef(label);
  placeholder.current = label;

  const editor = useEditor({
    injectCSS: false,
    immediatelyRender: true,
    shouldRerenderOnTransaction: false,
    extensions: [
      StarterKit.configure({
        heading: false,
        horizontalRule: false,
        underline: false,
        link: { openOnClick: false, autolink: true, protocols: ["http", "https", "mailto"] },
      }),
      Placeholder.configure({ placeholder: () => placeholder.current }),
      Mention.extend({
        parseHTML: () => [{ tag: "span[data-personid]" }],
        addAttributes: () => ({
          id: { default: null, parseHTML: (element: HTMLElement) => element.getAttribute("data-personid") },
          label: { default: null, parseHTML: (element: HTMLElement) => element.textContent },
        }),
        renderHTML: ({ node }) => ["span", { "data-personid": node.attrs.id }, `${node.attrs.label ?? ""}`],
        renderText: ({ node }) => `${node.attrs.label ?? ""}`,
      }).configure({
        suggestion: {
          items: ({ query }) => latest.current.directory.search(query).slice(0, 8),
          render: () => ({
            onStart: (props) =>
              setAsk({
                people: props.items,
                rect: props.clientRect,
                chosen: 0,
                choose: (person) => props.command(named(person)),
              }),
            onUpdate: (props) =>
              setAsk({
                people: props.items,
                rect: props.clientRect,
                chosen: 0,
                choose: (person) => props.command(named(person)),
              }),
            onExit: () => setAsk(undefined),
            onKeyDown: ({ event }) => {
              const { ask: now } = latest.current;
              if (!now || now.people.length === 0) return false;
              const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
              if (by !== 0) {
                const count = now.people.length;
                setAsk({ ...now, chosen: (now.chosen + by + count) % count });
                return true;
              }
              if (event.key === "Escape") {
                setAsk(undefined);
                return true;
              }
              const person = now.people[now.chosen];
              if ((event.key === "Enter" || event.key === "Tab") && person) {
                now.choose(person);
                return true;
              }
              return false;
            },
          }),
        },
      }),
    ],
    content: contentOf(initial()),
    editorProps: {
      attributes: {
        class: css.text ?? "",
        role: "textbox",
        "aria-multiline": "true",
        "aria-autocomplete": "list",
        "aria-label": label,
      },
      handleKeyDown: (_view, event) => latest.current.onKey(event),
    },
    onUpdate: ({ editor: now }) => {
      latest.current.onChange(
        now.getText({ blockSeparator: "\n" }),
        now.isEmpty ? undefined : toDialect(now.getHTML()),
      );
    },
  });
  const named = (person: { id: number; first_name?: string; last_name?: string }) => ({
    id: String(person.id),
    label: format.person(person as Parameters<typeof format.person>[0]),
  });

  // Whoever is writing in the plain field goes on here, at the same place.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it comes
  useLayoutEffect(() => {
    const area = taking.current;
    // One that was made while it was still being drawn is thrown away, and another comes.
    if (!editor || editor.isDestroyed || !area || document.activeElement !== area) return;
    const before = area.value.slice(0, area.selectionStart);
    const at = 1 + before.length + (before.split("\n").length - 1);
    editor.commands.focus(Math.min(at, editor.state.doc.content.size), { scrollIntoView: false });
  }, [editor]);

  // What is chosen in the list of names is heard as well as seen.
  const person = ask?.people[ask.chosen];
  useEffect(() => {
    if (!editor || editor.isDestroyed) return;
    const box = editor.view.dom;
    const says = { "aria-controls": MENTIONS, "aria-activedescendant": person && mentionId(person) };
    for (const [name, value] of Object.entries(says)) {
      if (person && value) box.setAttribute(name, value);
      else box.removeAttribute(name);
    }
  }, [editor, person]);

  useImperativeHandle(ref, () => {
    const alive = () => (editor && !editor.isDestroyed ? editor : undefined);
    return {
      focus: () => void alive()?.commands.focus("end"),
      put: (draft) => void alive()?.commands.setContent(contentOf(draft), { emitUpdate: false }),
    };
  }, [editor]);

  const state = useEditorState({
    editor,
    selector: ({ editor: now }) => ({
      bold: now?.isActive("bold") ?? false,
      italic: now?.isActive("italic") ?? false,
      list: now?.isActive("bulletList") ?? false,
      ordered: now?.isActive("orderedList") ?? false,
      code: now?.isActive("code") ?? false,
      quote: now?.isActive("blockquote") ?? false,
      link: now?.isActive("link") ?? false,
    }),
  });
  if (!editor) return null;
  const chain = () => editor.chain().focus();
  const link = () => {
    const href = (address ?? "").trim();
    setAddress(undefined);
    if (!href) {
      chain().extendMarkRange("link").unsetLink().run();
      return;
    }
    const whole = /^(https?:\/\/|mailto:)/i.test(href)
      ? href
      : href.includes("@")
        ? `mailto:${href}`
        : `https://${href}`;
    if (editor.state.selection.empty && !state?.link)
      chain()
        .insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href: whole } }] })
        .run();
    else chain().extendMarkRange("link").setLink({ href: whole }).run();
  };
  return (
    <div data-editor className={`${css.editor} ${compact ? css.compact : ""}`}>
      <EditorContent editor={editor} />
      {!compact && (
        <div className={css.tools} role="toolbar" aria-label={t.task.formatting}>
          <Tool label={t.task.bold} on={state?.bold} run={() => chain().toggleBold().run()}>
            <Bold size={15} />
          </Tool>
          <Tool label={t.task.italic} on={state?.italic} run={() => chain().toggleItalic().run()}>
            <Italic size={15} />
          </Tool>
          <Tool label={t.task.bullets} on={state?.list} run={() => chain().toggleBulletList().run()}>
            <List size={15} />
          </Tool>
          <Tool label={t.task.numbers} on={state?.ordered} run={() => chain().toggleOrderedList().run()}>
            <ListOrdered size={15} />
          </Tool>
          <Tool
            label={t.task.link}
            on={state?.link}
            run={() => setAddress((editor.getAttributes("link").href as string | undefined) ?? "")}
          >
            <LinkIcon size={15} />
          </Tool>
          <Tool label={t.task.code} on={state?.code} run={() => chain().toggleCode().run()}>
            <Code size={15} />
          </Tool>
          <Tool label={t.task.quote} on={state?.quote} run={() => chain().toggleBlockquote().run()}>
            <Quote size={15} />
          </Tool>
        </div>
      )}
      {ask && <MentionList ask={ask} />}
      <Dialog
        open={address !== undefined}
        onClose={() => setAddress(undefined)}
        title={t.task.link}
        size="s"
        foot={
          <Button kind="primary" onClick={link}>
            {t.common.done}
          </Button>
        }
      >
        <TextField
          label={t.task.address}
          autoFocus
          inputMode="url"
          value={address ?? ""}
          onChange={({ target }) => setAddress(target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            link();
          }}
        />
      </Dialog>
    </div>
  );
}

/** Not drawn anew with every letter, by whoever hands it the same things each time. */
export default memo(RichEditor);

function Tool({
  label,
  on,
  run,
  children,
}: {
  label: string;
  on?: boolean;
  run: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      className={css.tool}
      aria-label={label}
      title={label}
      aria-pressed={on ?? false}
      // The cursor stays where it is.
      onMouseDown={(event) => event.preventDefault()}
      onClick={run}
    >
      {children}
    </button>
  );
}
