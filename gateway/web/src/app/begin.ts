// What starts before anything is drawn: who is signed in is asked for, and the copy of the app that works offline is looked after.

import { begin as beginSession } from "~/store/session";
import { keepAppFresh } from "./update";

export function begin(): void {
  void beginSession();
  keepAppFresh();
}
