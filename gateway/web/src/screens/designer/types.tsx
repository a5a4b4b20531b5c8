// The types of fields as the palette groups them, each with its picture.

import {
  AlarmClock,
  AtSign,
  Banknote,
  CalendarClock,
  CalendarDays,
  CircleDot,
  CircleUser,
  ClipboardList,
  Clock,
  Flag,
  Hash,
  Heading,
  History,
  Info,
  ListChecks,
  Paperclip,
  Phone,
  Signpost,
  SquareCheck,
  StickyNote,
  Table2,
  TextCursorInput,
  User,
} from "lucide-react";
import type { ReactElement } from "react";
import type { FieldType } from "./model/wire";

const ICONS: Record<FieldType, ReactElement> = {
  text: <TextCursorInput />,
  number: <Hash />,
  money: <Banknote />,
  date: <CalendarDays />,
  time: <Clock />,
  checkmark: <SquareCheck />,
  flag: <Flag />,
  due_date: <AlarmClock />,
  due_date_time: <CalendarClock />,
  email: <AtSign />,
  phone: <Phone />,
  multiple_choice: <ListChecks />,
  person: <User />,
  catalog: <ClipboardList />,
  form_link: <Signpost />,
  file: <Paperclip />,
  table: <Table2 />,
  title: <Heading />,
  note: <StickyNote />,
  author: <CircleUser />,
  creation_date: <History />,
  step: <CircleDot />,
  status: <Info />,
};

export const iconOf = (type: string): ReactElement => ICONS[type as FieldType] ?? <Info />;

export const GROUPS = [
  {
    id: "plain",
    types: [
      "text",
      "number",
      "money",
      "date",
      "time",
      "multiple_choice",
      "checkmark",
      "flag",
      "email",
      "phone",
      "due_date",
      "due_date_time",
    ],
  },
  { id: "people", types: ["person", "catalog", "form_link", "file"] },
  { id: "structure", types: ["title", "table", "note"] },
  { id: "system", types: ["author", "creation_date", "step", "status"] },
] as const satisfies { id: string; types: readonly FieldType[] }[];
