// Russian: what all other screens say, which comes with the first of them.

import type { Rest } from "../en/rest";
import { administration } from "./administration";
import { announcements } from "./announcements";
import { calendar } from "./calendar";
import { catalogs } from "./catalogs";
import { designer } from "./designer";
import { factors } from "./factors";
import { fields } from "./fields";
import { files } from "./files";
import { forms } from "./forms";
import { knowledge } from "./knowledge";
import { lists } from "./lists";
import { organisation } from "./organisation";
import { people } from "./people";
import { profile } from "./profile";
import { register } from "./register";
import { search } from "./search";
import { signIn } from "./sign_in";

export const rest: Rest = {
  administration,
  announcements,
  calendar,
  catalogs,
  designer,
  factors,
  fields,
  files,
  forms,
  knowledge,
  lists,
  organisation,
  people,
  profile,
  register,
  search,
  signIn,
};
