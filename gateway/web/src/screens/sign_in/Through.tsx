// Through one of the doors that a link opens (see `doors.ts`), whoever is signed in.

import { sessionState } from "~/store/session";
import type { Door } from "./doors";
import Invitation from "./Invitation";
import Reset from "./Reset";
import SetUp from "./SetUp";

export default function Through({ door, onLeave }: { door: Door; onLeave: () => void }) {
  const current = sessionState();
  const me = current.state === "open" && !current.locked ? current.session.me : undefined;
  switch (door.to) {
    case "invitation":
      return <Invitation token={door.token} me={me} onLeave={onLeave} />;
    case "password_reset":
      return <Reset token={door.token} onLeave={onLeave} />;
    case "set_up":
      return (
        <SetUp
          token={door.token}
          done={current.state === "signed_out" && current.setUp === false}
          onLeave={onLeave}
        />
      );
  }
}
