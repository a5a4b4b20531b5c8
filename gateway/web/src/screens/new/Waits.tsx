import { CloudUpload } from "lucide-react";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Empty } from "~/ui/Empty";

/** The task is written down and not made yet. */
export function Waits({ onAnother }: { onAnother: () => void }) {
  const t = useT();
  return (
    <div role="status">
      <Empty
        icon={<CloudUpload size={24} />}
        title={t.forms.waits}
        action={<Button onClick={onAnother}>{t.forms.another}</Button>}
      >
        {t.forms.waitsHint}
      </Empty>
    </div>
  );
}
