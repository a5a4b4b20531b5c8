// A place of many pages, such as the administration: their list at the side, one of them open. On a phone first the list, then the page.

import { ChevronRight } from "lucide-react";
import { type ComponentType, createContext, type ReactNode, Suspense, useContext } from "react";
import { Link } from "wouter";
import { Guard } from "~/app/Guard";
import { Opening } from "~/app/Opening";
import { useTitle } from "~/app/title";
import { useNarrow } from "./narrow";
import { Page } from "./Page";
import css from "./Sections.module.css";

export interface SectionProps {
  /** What follows the section in the address, such as `17` in `/administration/members/17`; empty where nothing does. */
  rest: string;
}

export interface Section {
  /** As in the address. */
  id: string;
  label: string;
  icon: ReactNode;
  /** Under what it is listed. */
  group?: string;
  Page: ComponentType<SectionProps>;
}

/** Where the list of sections is, for pages that are shown without it. */
const Base = createContext<string | undefined>(undefined);

interface Props {
  title: string;
  /** Its address, such as `/administration`. */
  base: string;
  sections: readonly Section[];
  chosen: string | undefined;
  rest?: string;
  /** Above the list. */
  head?: ReactNode;
  /** Below the list. */
  foot?: ReactNode;
  /** Where no such section is. */
  missing: ReactNode;
}

export function Sections({ title, base, sections, chosen, rest = "", head, foot, missing }: Props) {
  const narrow = useNarrow();
  useTitle(title);
  const open = sections.find(({ id }) => id === (chosen ?? (narrow ? undefined : sections[0]?.id)));
  const groups = [...new Set(sections.map(({ group }) => group))];
  const list = (!narrow || chosen === undefined) && (
    <nav className={css.list} aria-label={title}>
      <h1 className={css.title}>{title}</h1>
      {head}
      {groups.map((group) => (
        <div key={group ?? ""} className={css.group}>
          {group && <h2 className={css.name}>{group}</h2>}
          {sections
            .filter((section) => section.group === group)
            .map((section) => (
              <Link
                key={section.id}
                href={`${base}/${section.id}`}
                className={css.way}
                aria-current={section.id === open?.id ? "page" : undefined}
              >
                {section.icon}
                <span>{section.label}</span>
                {narrow && <ChevronRight size={16} aria-hidden="true" />}
              </Link>
            ))}
        </div>
      ))}
      {foot && <div className={css.foot}>{foot}</div>}
    </nav>
  );
  return (
    <div className={css.frame}>
      {list}
      {(open || chosen !== undefined) && (
        <div className={css.page}>
          <Base.Provider value={narrow ? base : undefined}>
            <Guard key={open?.id}>
              <Suspense fallback={<Opening />}>{open ? <open.Page rest={rest} /> : missing}</Suspense>
            </Guard>
          </Base.Provider>
        </div>
      )}
    </div>
  );
}

/** The frame of a section's page. `back` where it lies below another page of its section. */
export function SectionPage(props: Parameters<typeof Page>[0]) {
  const base = useContext(Base);
  return <Page {...props} back={props.back ?? base} level={2} />;
}
