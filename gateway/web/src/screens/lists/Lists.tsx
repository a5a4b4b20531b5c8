// The tree of lists, and beside it the tasks of the one that is looked at.

import { ListTree } from "lucide-react";
import type { ScreenProps } from "~/app/screens";
import { useT } from "~/i18n";
import { Empty } from "~/ui/Empty";
import { useNarrow } from "~/ui/narrow";
import css from "./Lists.module.css";
import { ListView } from "./ListView";
import { Tree } from "./Tree";
import { useLists } from "./useLists";

export default function Lists({ params }: ScreenProps) {
  const t = useT();
  const narrow = useNarrow();
  const { lists } = useLists();
  const chosen = params.list ? Number(params.list) : undefined;
  return (
    <div className={css.split}>
      {(!narrow || chosen === undefined) && <Tree chosen={chosen} />}
      {chosen !== undefined ? (
        <ListView key={chosen} id={chosen} back={narrow ? "/lists" : undefined} />
      ) : (
        !narrow && (
          <div className={css.nothing}>
            {lists.length > 0 && <Empty icon={<ListTree size={24} />} title={t.lists.pick} />}
          </div>
        )
      )}
    </div>
  );
}
