// The real binary on a demo company of its own: made before the stories, ended after them. With NASHI_E2E set to the address of a server
// and NASHI_E2E_DEMO to what `nashi demo --json` said of it, that one is used and left as it is.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What `nashi demo` says of the company it made. */
export interface Demo {
  login: string;
  password: string;
  security_key: string;
  others: string[];
}

/** How long the server may take to be ready, in milliseconds. */
const READY_WITHIN = 60_000;

const BINARY = process.env.NASHI_BINARY ?? join(import.meta.dirname, "../../../../target/debug/nashi");

export default async function start(): Promise<() => Promise<void>> {
  const { NASHI_E2E, NASHI_E2E_DEMO } = process.env;
  if (NASHI_E2E && NASHI_E2E_DEMO) {
    tell(NASHI_E2E, JSON.parse(readFileSync(NASHI_E2E_DEMO, "utf8")) as Demo);
    return async () => undefined;
  }
  if (!existsSync(BINARY)) throw new Error(`${BINARY} is not there: cargo build --bin nashi makes it`);
  const folder = mkdtempSync(join(tmpdir(), "nashi-e2e-"));
  // Postgres may run as another user than this.
  chmodSync(folder, 0o755);
  const env = {
    ...process.env,
    NASHI__DATA__DIRECTORY: join(folder, "data"),
    NASHI__TELEMETRY__FILTER: "warn",
  };
  let server: ChildProcess | undefined;
  const stop = async () => {
    if (server && server.exitCode === null) {
      const ended = new Promise((resolve) => server?.once("exit", resolve));
      server.kill("SIGTERM");
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const made = execFileSync(BINARY, ["demo", "--months", "1", "--scale", "0.3", "--json"], {
      env,
      encoding: "utf8",
      cwd: folder,
    });
    const address = `127.0.0.1:${await freePort()}`;
    server = spawn(BINARY, ["serve", "--address", address], {
      env,
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
    await ready(`http://${address}`, server);
    tell(`http://${address}`, JSON.parse(made) as Demo, folder);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the operator of the machine types: `nashi admin …` beside the server that runs. */
export function admin(...words: string[]): string {
  const folder = process.env.NASHI_E2E_FOLDER ?? "";
  return execFileSync(BINARY, ["admin", ...words], {
    env: {
      ...process.env,
      NASHI__DATA__DIRECTORY: join(folder, "data"),
      NASHI__TELEMETRY__FILTER: "warn",
      NASHI__HTTP__PUBLIC_URL: process.env.NASHI_E2E_URL,
    },
    encoding: "utf8",
    cwd: folder,
  }).trim();
}

/** A server where nothing is set up yet, and the link that it printed. */
export async function bare(): Promise<{ link: string; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "nashi-e2e-bare-"));
  chmodSync(folder, 0o755);
  const address = `127.0.0.1:${await freePort()}`;
  const env = {
    ...process.env,
    NASHI__DATA__DIRECTORY: join(folder, "data"),
    NASHI__TELEMETRY__FILTER: "warn",
    NASHI__HTTP__ADDRESS: address,
  };
  const server = spawn(BINARY, ["serve"], { env, cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const stop = async () => {
    if (server.exitCode === null) {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(`http://${address}`, server);
    const link = execFileSync(BINARY, ["admin", "set-up-link"], {
      env,
      cwd: folder,
      encoding: "utf8",
    }).trim();
    return { link, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Workers are processes of their own: they read it from the environment that they are given. */
function tell(url: string, demo: Demo, folder = ""): void {
  process.env.NASHI_E2E_FOLDER = folder;
  process.env.NASHI_E2E_URL = url;
  process.env.NASHI_E2E_WORLD = JSON.stringify(demo);
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
