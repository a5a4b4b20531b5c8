// Where a dragged field may be put down: the gaps between fields. The nearest one is meant; the keyboard goes from one to the next.

import type { ClientRect, CollisionDetection, KeyboardCoordinateGetter } from "@dnd-kit/core";
import type { Place } from "../model/doc";

export interface SlotData {
  place: Place;
  index: number;
  label: string;
}

export const slotId = (place: Place, index: number): string =>
  `slot:${place.in}:${"key" in place ? place.key : ""}:${index}`;

interface Point {
  x: number;
  y: number;
}

const distance = ({ x, y }: Point, rect: ClientRect): number => {
  const dx = Math.max(rect.left - x, 0, x - rect.right);
  const dy = Math.max(rect.top - y, 0, y - rect.bottom);
  return Math.hypot(dx, dy);
};

const middle = (rect: ClientRect): Point => ({
  x: rect.left + rect.width / 2,
  y: rect.top + rect.height / 2,
});

export const nearestSlot: CollisionDetection = ({
  droppableContainers,
  droppableRects,
  pointerCoordinates,
  collisionRect,
}) => {
  const point = pointerCoordinates ?? middle(collisionRect);
  return droppableContainers
    .flatMap((container) => {
      const rect = droppableRects.get(container.id);
      if (!rect || container.disabled) return [];
      return [{ id: container.id, data: { droppableContainer: container, value: distance(point, rect) } }];
    })
    .sort((left, right) => left.data.value - right.data.value)
    .slice(0, 1);
};

/** Arrow keys: the next gap down or up, in reading order. */
export const besides: KeyboardCoordinateGetter = (event, { context, currentCoordinates }) => {
  const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.code];
  if (!by) return undefined;
  event.preventDefault();
  const { collisionRect, droppableContainers, droppableRects, over } = context;
  if (!collisionRect) return undefined;
  const rects = droppableContainers
    .getEnabled()
    .flatMap(({ id }) => {
      const rect = droppableRects.get(id);
      return rect ? [{ id, rect }] : [];
    })
    .sort((left, right) => left.rect.top - right.rect.top || left.rect.left - right.rect.left);
  const at = rects.findIndex(({ id }) => id === over?.id);
  const next = rects[Math.min(rects.length - 1, Math.max(0, at + by))];
  if (!next) return currentCoordinates;
  const to = middle(next.rect);
  return { x: to.x - collisionRect.width / 2, y: to.y - collisionRect.height / 2 };
};
