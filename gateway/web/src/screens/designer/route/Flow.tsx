// The picture of a route: its steps one after the other, what is passed over under a condition on the left, where a rejection leads
// on the right, and what happens at the end. With `lit`, what each step would do.

import { useSortable } from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { useQuery } from "@tanstack/react-query";
import {
  AlarmClock,
  CircleCheck,
  CircleSlash,
  CornerUpLeft,
  ExternalLink,
  FilePen,
  Flag,
  GripVertical,
  Plus,
  ShieldQuestion,
  TriangleAlert,
  UserRound,
  Users,
} from "lucide-react";
import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { useFormat, useT } from "~/i18n";
import { IconButton } from "~/ui/Button";
import { useInWords } from "../conditions/words";
import { useDesigning } from "../context";
import type { Doc, Step } from "../model/doc";
import { STEPS_MAX } from "../model/wire";
import { formsQuery } from "../queries";
import css from "./Flow.module.css";
import { type Loop, lanesOf, rejectionTo } from "./loops";
import { useWhoName } from "./who";

/** What a step would do with what is filled in. */
export interface Lit {
  state: "asks" | "skipped" | "passed" | "stands_in";
  people: string[];
  /** Names of required fields that are empty. */
  missing: string[];
}

interface Props {
  doc: Doc;
  chosen?: string;
  onChoose?: (key: string) => void;
  onAdd?: (index: number) => void;
  lit?: ReadonlyMap<string, Lit>;
}

/** Between lanes of rejections, in pixels. */
const LANE = 14;

export function Flow({ doc, chosen, onChoose, onAdd, lit }: Props) {
  const { designer: t } = useT();
  const root = useRef<HTMLDivElement>(null);
  const [places, setPlaces] = useState<Map<string, { top: number; height: number }>>(new Map());
  const [width, setWidth] = useState(0);
  const shape = doc.steps.map(({ key }) => key).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew for other steps
  useLayoutEffect(() => {
    const box = root.current;
    if (!box) return;
    const measure = () => {
      const next = new Map<string, { top: number; height: number }>();
      for (const card of box.querySelectorAll<HTMLElement>("[data-step]"))
        next.set(card.dataset.step ?? "", { top: card.offsetTop, height: card.offsetHeight });
      setPlaces(next);
      setWidth(box.clientWidth);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    for (const card of box.querySelectorAll("[data-step]")) observer.observe(card);
    return () => observer.disconnect();
  }, [shape]);
  const loops: Loop[] = doc.steps.flatMap((step, index) => {
    const to = rejectionTo(doc, index);
    return (step.on_reject !== undefined || step.key === chosen) && to < index
      ? [{ from: index, to, named: step.on_reject !== undefined }]
      : [];
  });
  const lanes = lanesOf(loops);
  const at = (index: number) => places.get(doc.steps[index]?.key ?? "");
  return (
    <section className={css.flow} ref={root} aria-label={t.flow}>
      <svg className={css.lines} aria-hidden="true" width={width} height="100%">
        <defs>
          <marker
            id="flow-arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path d="M0 0 L8 4 L0 8 z" className={css.tip} />
          </marker>
        </defs>
        {doc.steps.map((step, index) => {
          const place = at(index);
          if (!step.condition || !place) return null;
          const [top, bottom] = [place.top - 16, place.top + place.height + 16];
          return (
            <path
              key={step.key}
              className={`${css.bypass} ${lit?.get(step.key)?.state === "skipped" ? css.taken : ""}`}
              d={`M46 ${top} H26 Q16 ${top} 16 ${top + 10} V${bottom - 10} Q16 ${bottom} 26 ${bottom} H46`}
            />
          );
        })}
        {loops.map((loop, index) => {
          const [from, to] = [at(loop.from), at(loop.to)];
          if (!from || !to) return null;
          const edge = width - 62;
          const x = edge + 14 + (lanes[index] ?? 0) * LANE;
          const [start, end] = [from.top + from.height / 2 - 6, to.top + to.height / 2 + 6];
          return (
            <path
              key={`${loop.from} ${loop.to}`}
              className={`${css.loop} ${loop.named ? "" : css.usual}`}
              markerEnd="url(#flow-arrow)"
              d={`M${edge} ${start} H${x - 8} Q${x} ${start} ${x} ${start - 8} V${end + 8} Q${x} ${end} ${x - 8} ${end} H${edge + 3}`}
            />
          );
        })}
      </svg>
      <div className={`${css.end} ${css.begin}`}>
        <FilePen size={16} aria-hidden="true" />
        <span>
          {t.start}
          <small>{t.startHint}</small>
        </span>
      </div>
      <Gap onAdd={onAdd && (() => onAdd(0))} full={doc.steps.length >= STEPS_MAX} />
      {doc.steps.map((step, index) => (
        <div key={step.key} className={css.item}>
          <StepCard
            step={step}
            index={index}
            doc={doc}
            here={chosen === step.key}
            onChoose={onChoose}
            lit={lit?.get(step.key)}
          />
          <Gap onAdd={onAdd && (() => onAdd(index + 1))} full={doc.steps.length >= STEPS_MAX} />
        </div>
      ))}
      <div className={css.end}>
        <Flag size={16} aria-hidden="true" />
        <span>
          {t.end}
          <small>{doc.auto_close ? `${t.endCloses} ${t.reopens}` : t.endStays}</small>
        </span>
      </div>
    </section>
  );
}

function Gap({ onAdd, full }: { onAdd?: () => void; full: boolean }) {
  const { designer: t } = useT();
  return (
    <div className={css.gap}>
      {onAdd && !full && (
        <button type="button" className={css.plus} aria-label={t.addStep} title={t.addStep} onClick={onAdd}>
          <Plus size={14} />
        </button>
      )}
    </div>
  );
}

interface CardProps {
  step: Step;
  index: number;
  doc: Doc;
  here: boolean;
  onChoose?: (key: string) => void;
  lit?: Lit;
}

function StepCard({ step, index, doc, here, onChoose, lit }: CardProps) {
  const { designer: t } = useT();
  const { flaws, saving } = useDesigning();
  const sortable = useSortable({ id: step.key, disabled: !onChoose });
  const wrong =
    flaws.some(({ where }) => where.step === step.key) ||
    (saving.state === "refused" && saving.where?.step === step.key);
  // The card is dragged by a pointer; the keyboard has its handle.
  const { onKeyDown: _, ...pointer } = sortable.listeners ?? {};
  const classes = [
    css.card,
    here && css.here,
    wrong && css.wrong,
    sortable.isDragging && css.dragging,
    lit && css[lit.state],
  ];
  return (
    <div
      ref={sortable.setNodeRef}
      data-step={step.key}
      className={classes.filter(Boolean).join(" ")}
      style={{ transform: CSS.Translate.toString(sortable.transform), transition: sortable.transition }}
      {...pointer}
    >
      <span className={css.number}>{index + 1}</span>
      <div className={css.body}>
        {onChoose ? (
          <button type="button" className={css.name} aria-pressed={here} onClick={() => onChoose(step.key)}>
            {step.name || t.unnamed}
          </button>
        ) : (
          <b className={css.name}>{step.name || t.unnamed}</b>
        )}
        {lit ? <LitFacts lit={lit} step={step} /> : <Facts step={step} index={index} doc={doc} />}
      </div>
      {wrong && <TriangleAlert className={css.bad} size={16} aria-label={t.problems(1)} />}
      {onChoose && (
        <IconButton
          label={t.drag(step.name)}
          className={css.handle}
          {...sortable.attributes}
          {...sortable.listeners}
        >
          <GripVertical size={16} />
        </IconButton>
      )}
    </div>
  );
}

const Fact = ({ icon, children, tone }: { icon: ReactNode; children: ReactNode; tone?: string }) => (
  <li className={tone}>
    {icon}
    <span>{children}</span>
  </li>
);

function Facts({ step, index, doc }: { step: Step; index: number; doc: Doc }) {
  const { designer: t } = useT();
  const format = useFormat();
  const name = useWhoName();
  const words = useInWords();
  const { data: forms } = useQuery(formsQuery);
  const rule = step.rule ?? "everyone";
  const target = rejectionTo(doc, index);
  const opened = step.subprocess && forms?.forms?.find(({ id }) => id === step.subprocess?.form_id);
  return (
    <ul className={css.facts}>
      <Fact icon={step.approvers.length > 1 ? <Users /> : <UserRound />}>
        {step.approvers.length === 0
          ? step.subprocess
            ? t.nobody
            : `${t.nobody}. ${t.nobodyHint}`
          : step.approvers
              .map(
                ({ who, condition }) =>
                  name(who) + (condition ? ` (${t.onlyIf.toLowerCase()} ${words(condition)})` : ""),
              )
              .join(", ")}
        {step.approvers.length > 1 && (
          <em>
            {" · "}
            {typeof rule === "object" ? t.ruleShort.at_least(rule.at_least) : t.ruleShort[rule]}
          </em>
        )}
      </Fact>
      {step.condition && (
        <Fact icon={<ShieldQuestion />} tone={css.asked}>
          {t.skippedUnless} {words(step.condition)}
        </Fact>
      )}
      {step.due_minutes !== undefined && (
        <Fact icon={<AlarmClock />}>{t.dueIn(format.span(step.due_minutes))}</Fact>
      )}
      {step.subprocess && (
        <Fact icon={<ExternalLink />}>
          {t.subprocessShort(opened?.name ?? t.idOf(step.subprocess.form_id))}
          {step.subprocess.wait && ` · ${t.subprocessWait}`}
        </Fact>
      )}
      {step.on_reject !== undefined && (
        <Fact icon={<CornerUpLeft />} tone={css.back}>
          {target < index ? t.rejectTo(doc.steps[target]?.name || t.unnamed) : t.rejectStays}
        </Fact>
      )}
    </ul>
  );
}

function LitFacts({ lit, step }: { lit: Lit; step: Step }) {
  const { designer: t } = useT();
  const words = useInWords();
  return (
    <ul className={css.facts}>
      {lit.state === "skipped" ? (
        <Fact icon={<CircleSlash />}>{t.willSkip}</Fact>
      ) : lit.state === "passed" ? (
        <Fact icon={<CircleSlash />}>{t.willPass}</Fact>
      ) : (
        <Fact icon={<CircleCheck />} tone={css.on}>
          {lit.state === "stands_in" ? t.willStandIn : `${t.willAsk}: `}
          {lit.state === "stands_in"
            ? lit.people.length > 0 && ` (${lit.people.join(", ")})`
            : lit.people.join(", ")}
        </Fact>
      )}
      {step.condition && (
        <Fact icon={<ShieldQuestion />}>
          {lit.state === "skipped" ? t.conditionFails : t.conditionHolds}: {words(step.condition)}
        </Fact>
      )}
      {lit.missing.length > 0 && lit.state !== "skipped" && (
        <Fact icon={<TriangleAlert />} tone={css.asked}>
          {t.willWait}: {lit.missing.join(", ")}
        </Fact>
      )}
    </ul>
  );
}
