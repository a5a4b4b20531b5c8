// The departments, who leads them and who is in them: folded, opened, and found in.

import { ChevronRight, Network } from "lucide-react";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import { Button } from "~/ui/Button";
import { Empty } from "~/ui/Empty";
import { ProblemNote } from "~/ui/ProblemNote";
import { foundIn, type Node, wayTo } from "./chart";
import { Finder } from "./Finder";
import css from "./People.module.css";
import { useChart } from "./usePeople";

export function Chart({ chosen }: { chosen: number | undefined }) {
  const t = useT();
  const { chart, known, error } = useChart();
  const [text, setText] = useState("");
  const asked = useDeferredValue(text);
  /** Those that are otherwise than they begin: the top two levels are open. */
  const [turned, setTurned] = useState<ReadonlySet<number>>(new Set());
  const shown = foundIn(chart, asked);
  const way = new Set(wayTo(chart, chosen).map(({ department }) => department.id));
  const here = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (known && chosen) here.current?.scrollIntoView({ block: "center" });
  }, [known, chosen]);
  const turn = (id: number) =>
    setTurned((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const people = shown.reduce((sum, node) => sum + node.count, 0);

  const branch = (node: Node, depth: number) => {
    const { department, manager } = node;
    const begins = depth < 2 || way.has(department.id);
    const open = asked.trim() !== "" || begins !== turned.has(department.id);
    const inside = node.children.length + node.people.length > 0 || manager;
    return (
      <li key={department.id} className={css.branch}>
        <div
          className={`${css.department} ${department.id === chosen ? css.here : ""}`}
          ref={department.id === chosen ? here : undefined}
        >
          <button
            type="button"
            className={css.fold}
            aria-expanded={Boolean(inside) && open}
            disabled={!inside}
            onClick={() => turn(department.id)}
          >
            <ChevronRight
              size={16}
              aria-hidden="true"
              className={`${css.arrow} ${!inside ? css.leaf : open ? css.unfolded : ""}`}
            />
            <b>{department.department_name || `№ ${department.id}`}</b>
            <small>{t.common.people(node.count)}</small>
          </button>
        </div>
        {open && inside && (
          <div className={css.inside}>
            <ul className={css.staff}>
              {manager && <Staff person={manager} leads />}
              {node.people.map((person) => (
                <Staff key={person.id} person={person} />
              ))}
            </ul>
            {node.children.length > 0 && <ul>{node.children.map((child) => branch(child, depth + 1))}</ul>}
          </div>
        )}
      </li>
    );
  };

  return (
    <>
      <Finder
        label={t.people.findInChart}
        hint={t.people.findInChart}
        value={text}
        onChange={setText}
        count={t.common.people(people)}
      />
      <div className={css.scroll}>
        {error && !known ? <ProblemNote error={error} /> : null}
        {!known && !error ? <Opening /> : null}
        {known && chart.length === 0 && (
          <Empty icon={<Network size={24} />} title={t.people.noChart}>
            {t.people.noChartHint}
          </Empty>
        )}
        {known && chart.length > 0 && shown.length === 0 && (
          <Empty
            title={t.common.nobodyFound}
            action={<Button onClick={() => setText("")}>{t.search.clear}</Button>}
          />
        )}
        <ul className={css.chart}>{shown.map((node) => branch(node, 0))}</ul>
      </div>
    </>
  );
}

function Staff({ person, leads }: { person: NonNullable<Node["manager"]>; leads?: boolean }) {
  const t = useT();
  const format = useFormat();
  return (
    <li>
      <Link href={`/people/${person.id}`} className={css.staffed}>
        <Avatar person={person} size={24} />
        <span>
          {format.person(person)}
          {leads && <span className="hidden"> {t.people.leads}</span>}
          <small>{[leads && t.people.leads, person.position].filter(Boolean).join(" · ")}</small>
        </span>
      </Link>
    </li>
  );
}
