// The route of a form: its picture, and what the chosen step does.

import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { Plus, Route } from "lucide-react";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { Empty } from "~/ui/Empty";
import { Checkbox } from "~/ui/Field";
import { useNarrow } from "~/ui/narrow";
import { useDesigning } from "../context";
import * as edit from "../model/edit";
import { STEPS_MAX } from "../model/wire";
import { Approvers } from "./Approvers";
import { Flow } from "./Flow";
import css from "./RouteTab.module.css";
import { StepProperties } from "./StepProperties";

export default function RouteTab() {
  const { designer: t } = useT();
  const { design, doc, chosen, choose } = useDesigning();
  const narrow = useNarrow();
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const step = doc.steps.find(({ key }) => key === chosen.step);
  const add = (index: number) => {
    design.edit((now) => edit.addStep(now, index, t.newStep(index + 1)));
    const made = design.doc.steps[index];
    if (made) choose({ step: made.key });
  };
  const end = ({ active, over }: DragEndEvent) => {
    const to = doc.steps.findIndex(({ key }) => key === over?.id);
    if (to >= 0) design.edit((now) => edit.moveStep(now, String(active.id), to));
  };
  const addButton = (
    <Button
      icon={<Plus size={16} />}
      disabled={doc.steps.length >= STEPS_MAX}
      title={doc.steps.length >= STEPS_MAX ? t.stepsFull : undefined}
      onClick={() => add(doc.steps.length)}
    >
      {t.addStep}
    </Button>
  );
  const whole = (
    <div className={css.whole}>
      <p className={css.none}>{doc.steps.length > 0 ? t.chooseStep : t.noRouteHint}</p>
      <Checkbox
        label={t.autoClose}
        checked={doc.auto_close}
        onChange={({ target }) => design.edit((now) => ({ ...now, auto_close: target.checked }))}
      />
      <section className={css.part}>
        <h3>{t.subscribers}</h3>
        <p className={css.hint}>{t.subscribersHint}</p>
        <Approvers
          approvers={doc.subscribers}
          onChange={(subscribers) => design.edit((now) => ({ ...now, subscribers }), "subscribers")}
        />
      </section>
    </div>
  );
  return (
    <div className={css.tab}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a press beside the steps chooses none; Escape does the same */}
      <div
        className={css.picture}
        onClick={(event) => event.target === event.currentTarget && choose({})}
        onKeyDown={(event) => event.key === "Escape" && choose({})}
      >
        {doc.steps.length === 0 ? (
          <Empty icon={<Route size={24} />} title={t.noRoute} action={addButton}>
            {t.noRouteHint}
          </Empty>
        ) : (
          <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={end}>
            <SortableContext items={doc.steps.map(({ key }) => key)} strategy={verticalListSortingStrategy}>
              <Flow doc={doc} chosen={chosen.step} onChoose={(key) => choose({ step: key })} onAdd={add} />
            </SortableContext>
          </DndContext>
        )}
        {narrow && whole}
      </div>
      {!narrow && (
        <aside className={css.properties} aria-label={t.properties}>
          {step ? <StepProperties key={step.key} step={step} /> : whole}
        </aside>
      )}
      {narrow && (
        <Dialog open={Boolean(step)} onClose={() => choose({})} title={step?.name || t.unnamed}>
          {step && <StepProperties key={step.key} step={step} />}
        </Dialog>
      )}
    </div>
  );
}
