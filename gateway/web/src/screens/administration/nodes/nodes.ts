// The servers of the installation and how far their views are, as `GET /nodes` tells them.

import { api, good } from "~/api/client";

export interface Server {
  name: string;
  boot: string;
  /** `joining`, `active`, `draining`, `impaired` or `unknown`. */
  state: string;
  roles: string[];
  weight: number;
  build: string;
  /** Of the `SLICES` of all actors. */
  slices: number;
  http: string;
  actors: number;
  head: number;
  /** How far each view is behind on it, in milliseconds. */
  behind_ms: Record<string, number>;
  leases: string[];
  uptime_seconds: number;
}

export interface View {
  name: string;
  generation: number;
  /** `live` or `building`. */
  state: string;
  made_at: string;
  position: number;
  /** Events that it lacks. */
  lag: number;
  parked_events: number;
  moved_by?: string;
}

export interface Nodes {
  nodes: Server[];
  views: View[];
  search?: { position: number; shown_position: number; documents: number; rebuilding: boolean };
  /** The end of the log. */
  head: number;
  connected: boolean;
}

/** How many slices the actors of an installation have. */
export const SLICES = 1024;
/** How often they are asked for, in milliseconds. */
const EVERY = 5_000;

export const nodesQuery = {
  queryKey: ["nodes"],
  queryFn: () => good(api.GET("/v4/nodes" as never) as Promise<{ data?: Nodes }>),
  refetchInterval: EVERY,
  staleTime: 0,
  gcTime: 60_000,
  retry: false,
  meta: { kept: false },
};

/** What part of something is done, from 0 to 1. Pure. */
export const partOf = (position: number, head: number): number =>
  head <= 0 ? 1 : Math.min(1, Math.max(0, position / head));

/** The view that is furthest behind on a server. Pure. */
export function furthestBehind(behind: Record<string, number>): { name: string; ms: number } | undefined {
  return Object.entries(behind)
    .map(([name, ms]) => ({ name, ms }))
    .sort((left, right) => right.ms - left.ms)[0];
}
