// A link that does not let anybody in any more: why, and how to get another.

import type { ReactNode } from "react";
import { Problem } from "~/api/problem";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Frame } from "./Frame";

/** The token is unknown, too old, or was used. */
export const spent = (error: unknown): boolean => error instanceof Problem && error.code === "invalid_ticket";

export function Spent({ children, onLeave }: { children: ReactNode; onLeave: () => void }) {
  const t = useT();
  return (
    <Frame title={t.signIn.spent}>
      <p role="alert">{children}</p>
      <Button kind="primary" onClick={onLeave}>
        {t.signIn.toSignIn}
      </Button>
    </Frame>
  );
}
