// Everybody of the organisation, or one of them.

import type { SectionProps } from "~/ui/Sections";
import { MemberList } from "./MemberList";
import { MemberPage } from "./MemberPage";

export default function Members({ rest }: SectionProps) {
  const id = Number(rest.split("/")[0]);
  return Number.isInteger(id) && id > 0 ? <MemberPage key={id} id={id} /> : <MemberList />;
}
