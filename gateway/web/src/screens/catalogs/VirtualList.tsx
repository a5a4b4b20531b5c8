// Rows of one height, as many as there may be, in a frame that scrolls.

import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useRef } from "react";
import css from "./dialogs.module.css";

export function VirtualList({
  count,
  row,
  size = 44,
}: {
  count: number;
  row: (index: number) => ReactNode;
  size?: number;
}) {
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => size,
    overscan: 8,
  });
  if (count === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled with the keyboard
    <div className={css.scroll} ref={scroll} tabIndex={0}>
      <ul className={css.virtual} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <li
            key={index}
            ref={virtual.measureElement}
            data-index={index}
            style={{ transform: `translateY(${start}px)` }}
          >
            {row(index)}
          </li>
        ))}
      </ul>
    </div>
  );
}
