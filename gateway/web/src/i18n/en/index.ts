// English: the language that the others are typed by. One file for each part of the app.

import { first } from "./first";
import { rest } from "./rest";

export const messages = { ...first, ...rest };

export type Messages = typeof messages;
