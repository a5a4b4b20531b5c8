// Russian: what the first screen says, which comes at once. `first.test.ts` holds that it says nothing else.

import type { First } from "../en/first";
import { common } from "./common";
import { inbox } from "./inbox";
import { nav } from "./nav";
import { palette } from "./palette";
import { problems } from "./problems";
import { task } from "./task";

export const first: First = {
  common,
  inbox,
  nav,
  palette,
  problems,
  task,
};
