// A part that breaks down leaves the rest standing.

import { Bug } from "lucide-react";
import { Component, type ReactNode } from "react";
import { useT } from "~/i18n";
import { Button } from "~/ui/Button";
import { Empty } from "~/ui/Empty";

export class Guard extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error: error ?? true };
  }

  override render() {
    return this.state.error === undefined ? this.props.children : <Broken error={this.state.error} />;
  }
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
