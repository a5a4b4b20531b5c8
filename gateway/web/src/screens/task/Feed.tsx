// The comments, of which only those on the screen are drawn. It begins at the newest and stays there as more come, unless one reads above.

import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import type { Names } from "./ChangeLine";
import { CommentItem, type Doing } from "./CommentItem";
import css from "./Feed.module.css";
import { type Item, placeOf } from "./feed";

export interface FeedHandle {
  goTo: (comment: number) => void;
  toEnd: () => void;
}

interface Props {
  items: readonly Item[];
  names: Names;
  doing: Doing;
  me: number;
  position: number | undefined;
  edited: ReadonlySet<number>;
  taken: ReadonlySet<number>;
  accepted?: { comment: number; position: number };
  /** The comment that is asked for. */
  wanted: number | undefined;
  past: boolean;
  /** Begins at the top: what the task is comes before what was said. */
  fromTop: boolean;
  first: number | undefined;
  /** Stands above the comments and scrolls with them. */
  above?: ReactNode;
  ref?: Ref<FeedHandle>;
}

/** This near to the end counts as there, in pixels. */
const NEAR = 60;

export function Feed(props: Props) {
  const { items, wanted, above, fromTop } = props;
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const top = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const [atEnd, setAtEnd] = useState(true);
  const [seen, setSeen] = useState(items.length);
  const stuck = useRef(!fromTop);
  const before = useRef(0);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (items[index]?.kind === "said" ? 72 : 44),
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 8,
    scrollMargin: margin,
    paddingEnd: 16,
  });
  const total = virtual.getTotalSize();

  useLayoutEffect(() => {
    const element = top.current;
    if (!element) return;
    const measure = () => setMargin(element.offsetHeight);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  const goTo = (comment: number) => {
    const index = placeOf(items, comment);
    if (index === -1) return;
    stuck.current = false;
    virtual.scrollToIndex(index, { align: "center" });
  };
  const toEnd = () => {
    stuck.current = true;
    if (items.length > 0) virtual.scrollToIndex(items.length - 1, { align: "end" });
  };
  useImperativeHandle(props.ref, () => ({ goTo, toEnd }));

  // What the browser had kept of the task may be without the comment: it is gone to once it is there.
  const found = useMemo(() => wanted !== undefined && placeOf(items, wanted) !== -1, [items, wanted]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for every comment that is asked for
  useEffect(() => {
    if (wanted !== undefined && found) goTo(wanted);
  }, [wanted, found]);

  // As the last ones are measured or more come, the end stays in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it grows
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && stuck.current && wanted === undefined) element.scrollTop = element.scrollHeight;
  }, [total, margin, items.length]);

  // What this person says is looked at, wherever they were; what still waited when they came here is not.
  const last = items.at(-1);
  const mine = last?.kind === "said" && last.comment.id < 0 ? last.key : undefined;
  const looked = useRef(mine);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for every new one
  useEffect(() => {
    if (mine !== undefined && mine !== looked.current) toEnd();
    looked.current = mine;
  }, [mine]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    const near = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    // It grew below, or one went up: only the latter leaves the end.
    if (near) stuck.current = true;
    else if (element.scrollTop < before.current - 1) stuck.current = false;
    before.current = element.scrollTop;
    setAtEnd(near);
    if (near) setSeen(items.length);
  };
  const fresh = Math.max(0, items.length - seen);

  // At once: on the long way that the browser would go by itself, rows that are measured on it would hold it up.
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const element = scroller.current;
    if (
      !element ||
      event.target !== element ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.shiftKey
    )
      return;
    if (event.key === "Home") {
      stuck.current = false;
      element.scrollTop = 0;
    } else if (event.key === "End") toEnd();
    else return;
    event.preventDefault();
  };

  return (
    <div className={css.frame}>
      <section
        className={css.feed}
        ref={scroller}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        aria-label={t.task.comments}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
        tabIndex={0}
      >
        <div ref={top}>{above}</div>
        <div className={css.all} style={{ height: total }}>
          {virtual.getVirtualItems().map((row) => {
            const item = items[row.index] as Item;
            const id = item.kind === "said" ? item.comment.id : undefined;
            return (
              <div
                key={row.key}
                data-index={row.index}
                ref={virtual.measureElement}
                className={css.row}
                style={{ transform: `translateY(${row.start - margin}px)` }}
              >
                <CommentItem
                  item={item}
                  names={props.names}
                  doing={props.doing}
                  me={props.me}
                  position={item.kind === "said" && id !== undefined && id < 0 ? props.position : undefined}
                  edited={id !== undefined && props.edited.has(id)}
                  taken={id !== undefined && props.taken.has(id)}
                  accepted={
                    id !== undefined && props.accepted?.comment === id ? props.accepted.position : undefined
                  }
                  here={wanted !== undefined && isAt(item, wanted)}
                  past={props.past}
                  first={id !== undefined && id === props.first}
                />
              </div>
            );
          })}
        </div>
      </section>
      {!atEnd && items.length > 0 && (
        <Button size="s" className={css.jump} icon={<ArrowDown size={15} />} onClick={toEnd}>
          {fresh > 0 ? t.task.fresh(fresh) : t.task.toNewest}
        </Button>
      )}
    </div>
  );
}

const isAt = (item: Item, comment: number): boolean =>
  item.kind === "said"
    ? item.comment.id === comment
    : item.kind === "happened" && item.comments.some(({ id }) => id === comment);
