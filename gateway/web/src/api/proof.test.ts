import { afterEach, expect, test } from "vitest";
import { cookieRenewed, type Demand, onDemand, sendProved } from "./proof";

const refused = (code: string) => Response.json({ error_code: code }, { status: 403 });
const asked = () => new Request("http://nashi.example/v4/profile/password", { method: "PUT", body: "{}" });

let stop = () => {};
afterEach(() => stop());

/** Answers with each response in turn, and keeps what was sent. */
function server(...answers: Response[]) {
  const sent: Promise<string>[] = [];
  return {
    sent,
    send: async (request: Request) => {
      sent.push(request.text());
      return answers.shift() ?? new Response(null, { status: 500 });
    },
  };
}

test("what wants a proof is repeated once with its body when there is one", async () => {
  const demands: Demand[] = [];
  stop = onDemand(async (demand) => {
    demands.push(demand);
    return true;
  });
  const { send, sent } = server(refused("step_up_required"), Response.json({ changed: true }));
  expect((await sendProved(asked(), send)).status).toBe(200);
  expect(demands).toEqual(["step_up_required"]);
  expect(await Promise.all(sent)).toEqual(["{}", "{}"]);
});

test("whoever does not prove anything is refused as they were", async () => {
  stop = onDemand(async () => false);
  const { send, sent } = server(refused("step_up_required"));
  expect((await sendProved(asked(), send)).status).toBe(403);
  expect(sent).toHaveLength(1);
});

test("two requests that want a proof at once ask for it once", async () => {
  let times = 0;
  stop = onDemand(async () => {
    times += 1;
    return true;
  });
  const { send } = server(
    refused("step_up_required"),
    refused("step_up_required"),
    Response.json({}),
    Response.json({}),
  );
  const answers = await Promise.all([sendProved(asked(), send), sendProved(asked(), send)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(times).toBe(1);
});

test("other refusals are nobody's business here", async () => {
  let times = 0;
  stop = onDemand(async () => {
    times += 1;
    return true;
  });
  const { send } = server(refused("access_denied"));
  expect((await sendProved(asked(), send)).status).toBe(403);
  expect(times).toBe(0);
});

test("what was under way with the cookie of before is repeated with the new one", async () => {
  const answers = [new Response(null, { status: 401 }), Response.json({})];
  const send = async () => {
    if (answers.length === 2) cookieRenewed();
    return answers.shift() as Response;
  };
  expect((await sendProved(asked(), send)).status).toBe(200);
});
