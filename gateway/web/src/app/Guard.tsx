// A part that breaks down leaves the rest standing.

import { Bug, CloudOff } from "lucide-react";
import { Component, type ReactNode, useEffect } from "react";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Empty } from "~/ui/Empty";

export class Guard extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error: error ?? true };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return isUnloaded(error) ? <Unloaded /> : <Broken error={error} />;
  }
}

/** A part of the app could not be fetched: no network before it was kept, or a newer version took its place on the server. */
const isUnloaded = (error: unknown): boolean =>
  error instanceof Error &&
  /dynamically imported module|preload CSS|module script failed/i.test(error.message);

/** Comes back by itself with the network. */
function Unloaded() {
  const t = useT();
  useEffect(() => {
    const again = () => location.reload();
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, []);
  return (
    <Empty
      icon={<CloudOff size={24} />}
      title={t.nav.notLoaded}
      action={
        <Button kind="primary" onClick={() => location.reload()}>
          {t.common.tryAgain}
        </Button>
      }
    >
      {t.nav.notLoadedHint}
    </Empty>
  );
}

function Broken({ error }: { error: unknown }) {
  const t = useT();
  return (
    <Empty
      icon={<Bug size={24} />}
      title={t.nav.crashed}
      action={
        <Button kind="primary" onClick={() => location.reload()}>
          {t.nav.updateNow}
        </Button>
      }
    >
      {t.nav.crashedHint}
      <small>{error instanceof Error ? ` (${error.message})` : ""}</small>
    </Empty>
  );
}
