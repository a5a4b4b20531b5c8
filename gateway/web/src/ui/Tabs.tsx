// A few views of the same thing, one at a time.

import * as Ariakit from "@ariakit/react";
import { type ReactNode, useEffect, useRef } from "react";
import css from "./Tabs.module.css";

export interface Tab {
  id: string;
  label: ReactNode;
  count?: number;
}

interface Props {
  label: string;
  tabs: readonly Tab[];
  chosen: string;
  onChoose: (id: string) => void;
  /** The content of the chosen one. */
  children?: ReactNode;
}

export function Tabs({ label, tabs, chosen, onChoose, children }: Props) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another one is chosen, there may be no room for it
  useEffect(() => {
    const tab = list.current?.querySelector("[aria-selected=true]")?.getBoundingClientRect();
    const box = list.current?.getBoundingClientRect();
    if (list.current && tab && box && (tab.left < box.left || tab.right > box.right))
      list.current.scrollLeft += tab.left - box.left - (box.width - tab.width) / 2;
  }, [chosen]);
  return (
    <Ariakit.TabProvider selectedId={chosen} setSelectedId={(id) => id && onChoose(id)}>
      <Ariakit.TabList ref={list} className={css.list} aria-label={label}>
        {tabs.map((tab) => (
          <Ariakit.Tab key={tab.id} id={tab.id} className={css.tab}>
            {tab.label}
            {tab.count !== undefined && <span className={css.count}>{tab.count}</span>}
          </Ariakit.Tab>
        ))}
      </Ariakit.TabList>
      {children !== undefined && (
        <Ariakit.TabPanel tabId={chosen} className={css.panel}>
          {children}
        </Ariakit.TabPanel>
      )}
    </Ariakit.TabProvider>
  );
}
