// Everybody of the organisation, for those who manage people.

import { useT } from "~/i18n";
import { SectionPage } from "~/ui/Sections";

export default function Members() {
  const t = useT();
  return <SectionPage title={t.administration.sections.members}>{null}</SectionPage>;
}
