// The servers that run Nashi, what each has to do, and how far what they show is behind the log.

import { useQuery } from "@tanstack/react-query";
import { Server as ServerIcon, WifiOff } from "lucide-react";
import { Problem } from "~/api/problem";
import { Opening } from "~/app/Opening";
import { useFormat, useT } from "~/i18n";
import { Badge, type Tone } from "~/ui/Badge";
import { Empty } from "~/ui/Empty";
import { Facts } from "~/ui/Facts";
import { Panel } from "~/ui/Panel";
import { ProblemNote } from "~/ui/ProblemNote";
import { SectionPage } from "~/ui/Sections";
import { furthestBehind, type Nodes, nodesQuery, partOf, type Server, SLICES, type View } from "./nodes";
import css from "./nodes.module.css";

const TONES: Record<string, Tone> = { active: "good", joining: "info", draining: "warn", impaired: "bad" };

export default function NodesPage() {
  const t = useT();
  const { data, error, refetch } = useQuery(nodesQuery);
  const unknown = error instanceof Problem && error.status === 404;
  return (
    <SectionPage title={t.administration.sections.nodes} note={t.organisation.nodes.hint} width="text">
      {unknown ? (
        <Empty icon={<ServerIcon size={24} />} title={t.organisation.nodes.none}>
          {t.organisation.nodes.noneHint}
        </Empty>
      ) : (
        <>
          <ProblemNote error={error} onRetry={() => void refetch()} />
          {data ? <Told nodes={data} /> : !error && <Opening />}
        </>
      )}
    </SectionPage>
  );
}

function Told({ nodes }: { nodes: Nodes }) {
  const t = useT();
  const format = useFormat();
  return (
    <>
      {!nodes.connected && (
        <p className={css.alone} role="alert">
          <WifiOff size={16} aria-hidden="true" />
          {t.organisation.nodes.alone}
        </p>
      )}
      <Panel
        title={t.organisation.nodes.members}
        hint={`${t.organisation.nodes.position}: ${format.number(nodes.head)}. ${t.organisation.nodes.refreshed}`}
      >
        <ul className={css.servers}>
          {nodes.nodes.map((server, index) => (
            <ServerCard
              key={server.boot || server.name}
              server={server}
              head={nodes.head}
              here={index === 0}
            />
          ))}
        </ul>
      </Panel>
      <Panel title={t.organisation.nodes.views} hint={t.organisation.nodes.viewsHint}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is scrolled is scrolled by keys as well */}
        <section className={css.scroll} aria-label={t.organisation.nodes.views} tabIndex={0}>
          <table className={css.views}>
            <thead>
              <tr>
                <th scope="col">{t.organisation.nodes.name}</th>
                <th scope="col">{t.organisation.nodes.lag}</th>
                <th scope="col">{t.organisation.nodes.generation}</th>
                <th scope="col">{t.organisation.nodes.movedBy}</th>
              </tr>
            </thead>
            <tbody>
              {nodes.views.map((view) => (
                <ViewRow key={`${view.name} ${view.generation}`} view={view} head={nodes.head} />
              ))}
              {nodes.search && (
                <tr>
                  <th scope="row">
                    {t.organisation.nodes.search}
                    <small>{t.organisation.nodes.documents(nodes.search.documents)}</small>
                  </th>
                  <td>
                    <Lag
                      building={nodes.search.rebuilding}
                      position={nodes.search.shown_position}
                      head={nodes.head}
                      lag={Math.max(0, nodes.head - nodes.search.shown_position)}
                    />
                  </td>
                  <td />
                  <td>{nodes.nodes[0]?.name}</td>
                </tr>
              )}
            </tbody>
          </table>
        </section>
      </Panel>
    </>
  );
}

function ServerCard({ server, head, here }: { server: Server; head: number; here: boolean }) {
  const t = useT();
  const format = useFormat();
  const slowest = furthestBehind(server.behind_ms);
  const share = server.slices / SLICES;
  const state = t.organisation.nodes.states[server.state] ?? server.state;
  return (
    <li className={css.server}>
      <div className={css.name}>
        <ServerIcon size={18} aria-hidden="true" />
        <b>{server.name}</b>
        <Badge tone={TONES[server.state] ?? "neutral"}>{state}</Badge>
        {here && <span className={css.soft}>{t.organisation.nodes.here}</span>}
      </div>
      <Facts
        facts={[
          [t.organisation.nodes.build, server.build],
          [t.organisation.nodes.address, server.http],
          [t.organisation.nodes.roles, server.roles.join(", ")],
          [
            t.organisation.nodes.shareOf,
            `${t.organisation.nodes.share(format.number(Math.round(share * 100)))} · ${t.organisation.nodes.actors(server.actors)}`,
          ],
          [t.organisation.nodes.uptime, format.span(Math.round(server.uptime_seconds / 60))],
          [
            t.organisation.nodes.lag,
            head > server.head
              ? t.organisation.nodes.events(head - server.head)
              : slowest && slowest.ms > 0
                ? t.organisation.nodes.behind(format.number(slowest.ms), slowest.name)
                : t.organisation.nodes.upToDate,
          ],
        ]}
      />
    </li>
  );
}

function ViewRow({ view, head }: { view: View; head: number }) {
  const t = useT();
  const format = useFormat();
  const building = view.state === "building";
  return (
    <tr>
      <th scope="row">
        {view.name}
        {view.parked_events > 0 && (
          <>
            {" "}
            <Badge tone="bad">{t.organisation.nodes.parked(view.parked_events)}</Badge>
          </>
        )}
      </th>
      <td>
        <Lag building={building} position={view.position} head={head} lag={view.lag} />
      </td>
      <td>
        {view.generation}
        <small>{format.relative(view.made_at)}</small>
      </td>
      <td>{view.moved_by}</td>
    </tr>
  );
}

function Lag({
  building,
  position,
  head,
  lag,
}: {
  building: boolean;
  position: number;
  head: number;
  lag: number;
}) {
  const t = useT();
  const format = useFormat();
  const part = partOf(position, head);
  if (building)
    return (
      <>
        {t.organisation.nodes.rebuilding(format.number(Math.floor(part * 100)))}
        <progress className={css.bar} value={part} aria-label={t.organisation.nodes.lag} />
      </>
    );
  return lag === 0 ? t.organisation.nodes.upToDate : t.organisation.nodes.events(lag);
}
