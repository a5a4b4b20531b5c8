// A register as a file. The server writes it; what is asked for is what is shown.

import { useCallback } from "react";
import { Problem, Unreachable } from "~/api/problem";
import type { Form } from "~/api/types";
import { useSession } from "~/app/context";
import { useT } from "~/i18n";
import { useProblemText } from "~/ui/ProblemNote";
import { toast } from "~/ui/toast";
import { type Column, fieldOf } from "./columns";

export type FileKind = "csv" | "xlsx";

export function useExport(form: Form, body: Record<string, unknown>, columns: readonly Column[]) {
  const t = useT();
  const { me } = useSession();
  const problem = useProblemText();
  return useCallback(
    async (format: FileKind) => {
      toast(t.register.exporting);
      try {
        const fields = columns.flatMap(({ id }) => fieldOf(id) ?? []);
        const response = await fetch(`/v4/forms/${form.id}/register`, {
          method: "POST",
          headers: { "Content-Type": "application/json", "Nashi-Person": String(me.person) },
          body: JSON.stringify({
            ...body,
            field_ids: fields.length > 0 ? fields : undefined,
            include_approvals: undefined,
            format,
          }),
        }).catch((error: unknown) => {
          throw new Unreachable(error);
        });
        if (!response.ok) throw await Problem.of(response);
        const link = document.createElement("a");
        link.href = URL.createObjectURL(await response.blob());
        link.download = `${form.name.replace(/[\\/:*?"<>|]+/g, " ").slice(0, 80)}.${format}`;
        link.click();
        // The browser has taken it by then.
        setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      } catch (error) {
        toast(problem(error), { tone: "bad" });
      }
    },
    [form, body, columns, me.person, t, problem],
  );
}
