import type { ScreenProps } from "~/app/screens";
import { TaskView } from "./TaskView";

/** A task by itself. */
export default function TaskScreen({ params }: ScreenProps) {
  const id = Number(params.task);
  return <TaskView key={id} id={id} />;
}
