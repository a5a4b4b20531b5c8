// Everybody by name, found by whatever is known of them.

import { useVirtualizer } from "@tanstack/react-virtual";
import { UserX } from "lucide-react";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { Link } from "wouter";
import { useActions } from "~/app/actions";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { dayOf } from "~/i18n/format";
import { Avatar } from "~/ui/Avatar";
import { Badge } from "~/ui/Badge";
import { Empty } from "~/ui/Empty";
import { ProblemNote } from "~/ui/ProblemNote";
import { nameOf } from "./chart";
import { Finder } from "./Finder";
import css from "./People.module.css";
import { usePeople } from "./usePeople";

const ROW = 56;

export function Everybody() {
  const t = useT();
  const format = useFormat();
  const { people, known, error } = usePeople();
  const [text, setText] = useState("");
  const asked = useDeferredValue(text);
  const frame = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLInputElement>(null);
  const today = dayOf(new Date());
  useActions([{ id: "people.find", label: t.people.find, keys: "f", run: () => box.current?.focus() }]);
  const known_words = useMemo(
    () =>
      people
        .map((person) => ({
          person,
          words: [
            nameOf(person),
            person.native_first_name,
            person.native_last_name,
            person.email,
            person.position,
            person.department_name,
            person.location,
            person.personality,
            person.phone,
            person.mobile_phone,
          ]
            .filter(Boolean)
            .join(" ")
            .toLocaleLowerCase()
            .split(/[\s@.,()/-]+/),
        }))
        .sort((left, right) => nameOf(left.person).localeCompare(nameOf(right.person))),
    [people],
  );
  const found = useMemo(() => {
    const wanted = asked.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    return known_words
      .filter(({ words }) => wanted.every((word) => words.some((own) => own.startsWith(word))))
      .map(({ person }) => person);
  }, [known_words, asked]);
  const virtual = useVirtualizer({
    count: found.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  return (
    <>
      <Finder
        ref={box}
        label={t.people.find}
        hint={t.people.findHint}
        value={text}
        onChange={setText}
        count={t.common.people(found.length)}
      />
      {error && !known ? <ProblemNote error={error} /> : null}
      {!known && !error ? <Opening /> : null}
      <div ref={frame} className={css.scroll}>
        {known && found.length === 0 && (
          <Empty icon={<UserX size={24} />} title={t.common.nobodyFound}>
            {t.people.findHint}
          </Empty>
        )}
        <ul style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const person = found[index];
            if (!person) return null;
            const away =
              person.absence && person.absence.from <= today && person.absence.until >= today
                ? person.absence
                : undefined;
            return (
              <li key={person.id} className={css.slot} style={{ transform: `translateY(${start}px)` }}>
                <Link href={`/people/${person.id}`} className={css.row}>
                  <Avatar person={person} size={32} />
                  <span className={css.names}>
                    <span className={css.name}>
                      <span className={css.cut}>{format.person(person)}</span>
                      {away && <Badge tone="warn">{t.people.awayUntil(format.day(away.until))}</Badge>}
                    </span>
                    <span className={css.sub}>
                      {[person.position, person.department_name].filter(Boolean).join(" · ")}
                    </span>
                  </span>
                  <span className={css.contact}>{person.email}</span>
                  <span className={css.phone}>{person.mobile_phone || person.phone}</span>
                </Link>
              </li>
            );
          })}
        </ul>
      </div>
    </>
  );
}
