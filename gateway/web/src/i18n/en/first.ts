// English: what the first screen says, which comes at once. `first.test.ts` holds that it says nothing else.

import { common } from "./common";
import { inbox } from "./inbox";
import { nav } from "./nav";
import { palette } from "./palette";
import { problems } from "./problems";
import { task } from "./task";

export const first = {
  common,
  inbox,
  nav,
  palette,
  problems,
  task,
};

export type First = typeof first;
