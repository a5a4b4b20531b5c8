// A change that a person made, from the click to the log. It is written down before it is sent, and sent under its own id until the
// server has answered, so that it takes effect once whatever happens to tab and network between.

/** What was refused, and why, in the server's words. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
  /** The file that stands in the way, by its id here. */
  file?: string;
}

export type CommandState = "queued" | "sending" | "refused";

export interface Command {
  /** The `Idempotency-Key`. */
  id: string;
  /** Rises; commands are sent in this order. */
  order: number;
  method: "POST" | "PUT" | "DELETE";
  path: string;
  body?: unknown;
  /** What it does, for whoever shows it before the server has answered. */
  kind: "comment" | "create" | "put_away" | "snooze" | "other";
  /** The task that it is about. */
  task?: number;
  /** What it is about, for the list of what is not sent yet. */
  title?: string;
  /** By this browser's clock, in milliseconds. */
  at: number;
  state: CommandState;
  attempts: number;
  refusal?: Refusal;
  /** The files that go with it, by their ids here: it is sent once the server has them. */
  files?: string[];
  /** Not sent before this moment by this browser's clock, in milliseconds: until then it can be taken back. */
  after?: number;
}

export type NewCommand = Pick<Command, "method" | "path" | "body" | "kind" | "task" | "title" | "after">;
