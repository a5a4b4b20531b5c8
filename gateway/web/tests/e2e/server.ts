// The real binary on demo companies: one for each worker, so that what one story changes for everybody is seen by none that is told beside
// it. Made before the stories, ended after them. With NASHI_E2E set to the address of a server and NASHI_E2E_DEMO to what
// `nashi demo --json` said of it, that one is used, by one worker, and left as it is.

import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { FullConfig } from "@playwright/test";

/** What `nashi demo` says of the company it made. */
export interface Demo {
  login: string;
  password: string;
  security_key: string;
  others: string[];
}

/** A server and the company on it. */
interface World {
  url: string;
  demo: Demo;
  folder: string;
}

/** How long the server may take to be ready, in milliseconds. */
const READY_WITHIN = 60_000;

const BINARY = process.env.NASHI_BINARY ?? join(import.meta.dirname, "../../../../target/debug/nashi");

export default async function start({ workers }: FullConfig): Promise<() => Promise<void>> {
  const { NASHI_E2E, NASHI_E2E_DEMO } = process.env;
  if (NASHI_E2E && NASHI_E2E_DEMO) {
    if (workers > 1) throw new Error("one server is for one worker: --workers 1");
    tell([{ url: NASHI_E2E, demo: JSON.parse(readFileSync(NASHI_E2E_DEMO, "utf8")) as Demo, folder: "" }]);
    return async () => undefined;
  }
  if (!existsSync(BINARY)) throw new Error(`${BINARY} is not there: cargo build --bin nashi makes it`);
  const folders = Array.from({ length: workers }, emptyFolder);
  const servers: ChildProcess[] = [];
  const stop = async () => {
    await Promise.all(servers.map(end));
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [first = "", ...others] = folders;
    const made = await run(BINARY, ["demo", "--months", "1", "--scale", "0.3", "--json"], {
      env: settings(first),
      cwd: first,
    });
    const demo = JSON.parse(made.stdout) as Demo;
    // To live a month again for each of them would take longer, and end in another company.
    await Promise.all(others.map((folder) => run("cp", ["-a", join(first, "data"), folder])));
    const worlds = await Promise.all(
      folders.map(async (folder) => {
        const address = `127.0.0.1:${await freePort()}`;
        const server = serve(folder, ["--address", address]);
        servers.push(server);
        await ready(`http://${address}`, server);
        return { url: `http://${address}`, demo, folder };
      }),
    );
    tell(worlds);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

const run = promisify(execFile);

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "nashi-e2e-"));
  // Postgres may run as another user than this.
  chmodSync(folder, 0o755);
  return folder;
}

const settings = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  NASHI__DATA__DIRECTORY: join(folder, "data"),
  NASHI__TELEMETRY__FILTER: "warn",
});

const serve = (folder: string, words: string[], more: NodeJS.ProcessEnv = {}): ChildProcess =>
  spawn(BINARY, ["serve", ...words], {
    env: { ...settings(folder), ...more },
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });

/** Ends a server, and waits until it has. */
async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  await ended;
}

/** Workers are processes of their own: they read it from the environment that they are given. */
function tell(worlds: World[]): void {
  process.env.NASHI_E2E_WORLDS = JSON.stringify(worlds);
}

/** The world of this worker. */
export function ownWorld(): World {
  const worlds = JSON.parse(process.env.NASHI_E2E_WORLDS ?? "[]") as World[];
  const world = worlds[Number(process.env.TEST_PARALLEL_INDEX ?? 0)];
  // Where tests are only listed there is none.
  return world ?? { url: "", demo: { login: "", password: "", security_key: "", others: [] }, folder: "" };
}

/** What the operator of the machine types: `nashi admin …` beside the server that runs. */
export function admin(...words: string[]): string {
  const { folder, url } = ownWorld();
  return execFileSync(BINARY, ["admin", ...words], {
    env: { ...settings(folder), NASHI__HTTP__PUBLIC_URL: url },
    encoding: "utf8",
    cwd: folder,
  }).trim();
}

/** A server where nothing is set up yet, and the link that it printed. Browsers know it by that host. */
export async function bare(host = "127.0.0.1"): Promise<{ link: string; stop: () => Promise<void> }> {
  const folder = emptyFolder();
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const here = { NASHI__HTTP__ADDRESS: address, NASHI__HTTP__PUBLIC_URL: `http://${host}:${port}` };
  const server = serve(folder, [], here);
  const stop = async () => {
    await end(server);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(`http://${address}`, server);
    const link = execFileSync(BINARY, ["admin", "set-up-link"], {
      env: { ...settings(folder), ...here },
      cwd: folder,
      encoding: "utf8",
    }).trim();
    return { link, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const listener = createServer();
    listener.once("error", reject);
    listener.listen(0, "127.0.0.1", () => {
      const address = listener.address();
      listener.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function ready(url: string, server: ChildProcess): Promise<void> {
  const until = Date.now() + READY_WITHIN;
  while (Date.now() < until) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the server was not ready in time");
}
