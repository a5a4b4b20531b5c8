// Russian.

import type { Messages } from "../en";
import { administration } from "./administration";
import { calendar } from "./calendar";
import { common } from "./common";
import { designer } from "./designer";
import { factors } from "./factors";
import { fields } from "./fields";
import { forms } from "./forms";
import { inbox } from "./inbox";
import { lists } from "./lists";
import { nav } from "./nav";
import { palette } from "./palette";
import { problems } from "./problems";
import { profile } from "./profile";
import { search } from "./search";
import { signIn } from "./sign_in";
import { task } from "./task";

export const messages: Messages = {
  calendar,
  forms,
  administration,
  common,
  designer,
  factors,
  fields,
  inbox,
  lists,
  nav,
  palette,
  problems,
  profile,
  search,
  signIn,
  task,
};
