// Russian.

import type { Messages } from "../en";
import { administration } from "./administration";
import { announcements } from "./announcements";
import { calendar } from "./calendar";
import { catalogs } from "./catalogs";
import { common } from "./common";
import { designer } from "./designer";
import { factors } from "./factors";
import { fields } from "./fields";
import { forms } from "./forms";
import { inbox } from "./inbox";
import { knowledge } from "./knowledge";
import { lists } from "./lists";
import { nav } from "./nav";
import { organisation } from "./organisation";
import { palette } from "./palette";
import { people } from "./people";
import { problems } from "./problems";
import { profile } from "./profile";
import { register } from "./register";
import { search } from "./search";
import { signIn } from "./sign_in";
import { task } from "./task";

export const messages: Messages = {
  knowledge,
  announcements,
  administration,
  calendar,
  catalogs,
  common,
  designer,
  factors,
  fields,
  forms,
  inbox,
  lists,
  nav,
  organisation,
  palette,
  people,
  problems,
  profile,
  register,
  search,
  signIn,
  task,
};
