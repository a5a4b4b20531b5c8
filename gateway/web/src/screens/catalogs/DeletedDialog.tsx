// Rows that were deleted, and a way to bring one back.

import { useQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { Opening } from "~/app/Opening";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Dialog } from "~/ui/Dialog";
import { ProblemNote } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import css from "./dialogs.module.css";
import { readCatalog } from "./queries";
import type { Catalog } from "./sheet";
import { VirtualList } from "./VirtualList";

interface Props {
  catalog: Catalog;
  locked: boolean;
  onClose: () => void;
  /** As a row that is added again. */
  onBack: (values: string[]) => void;
}

export default function DeletedDialog({ catalog, locked, onClose, onBack }: Props) {
  const { catalogs: t } = useT();
  const { data, error } = useQuery({
    queryKey: ["catalog_deleted", catalog.catalog_id, catalog.version],
    queryFn: () => readCatalog(catalog.catalog_id, true),
    meta: { kept: false },
  });
  const rows = (data?.items ?? []).filter(({ deleted }) => deleted);
  return (
    <Dialog open onClose={onClose} title={t.deletedRows} size="l">
      <p className={css.hint}>{t.deletedRowsHint}</p>
      <ProblemNote error={error} />
      {!data && !error && <Opening />}
      {data && rows.length === 0 && <p>{t.noDeletedRows}</p>}
      <VirtualList
        count={rows.length}
        row={(index) => {
          const item = rows[index];
          if (!item) return null;
          return (
            <div className={css.deleted}>
              <span>
                <b>{item.values[0]}</b> {item.values.slice(1).filter(Boolean).join(" · ")}
              </span>
              {!locked && (
                <Button
                  size="s"
                  icon={<RotateCcw size={14} />}
                  onClick={() => {
                    onBack(item.values);
                    toast(t.staged);
                    onClose();
                  }}
                >
                  {t.bringBack}
                </Button>
              )}
            </div>
          );
        }}
      />
    </Dialog>
  );
}
