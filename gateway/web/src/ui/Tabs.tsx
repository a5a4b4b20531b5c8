// A few views of the same thing, one at a time.

import * as Ariakit from "@ariakit/react";
import type { ReactNode } from "react";
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
  return (
    <Ariakit.TabProvider selectedId={chosen} setSelectedId={(id) => id && onChoose(id)}>
      <Ariakit.TabList className={css.list} aria-label={label}>
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
