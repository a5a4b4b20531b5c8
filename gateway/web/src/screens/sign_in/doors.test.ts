import { expect, test } from "vitest";
import { doorOf, partOf, tokenIn } from "./doors";

test("every link that is printed or mailed opens its page with its token", () => {
  for (const to of ["password_reset", "invitation", "set_up"] as const) {
    const link = new URL(`https://nashi.example/${to}#token=AbC-_1`);
    expect(doorOf(link.pathname, link.hash)).toEqual({ to, token: "AbC-_1" });
  }
});

test("a link that was cut off opens its page without a token", () => {
  expect(doorOf("/invitation", "")).toEqual({ to: "invitation", token: "" });
  expect(doorOf("/set_up/", "#tok")).toEqual({ to: "set_up", token: "" });
});

test("all other addresses are the app's", () => {
  for (const path of ["/", "/inbox", "/invitations", "/qr", "/set_up/more"])
    expect(doorOf(path, "#token=x")).toBeUndefined();
});

test("the code of a QR sign-in holds the request", () => {
  const link = new URL("https://nashi.example/qr#id=01a2246d-de29-70fa-b813-f06396b9ab1b");
  expect(partOf(link.hash, "id")).toBe("01a2246d-de29-70fa-b813-f06396b9ab1b");
});

test("a token is found in a pasted link and by itself", () => {
  expect(tokenIn(" https://nashi.example/set_up#token=xyz \n")).toBe("xyz");
  expect(tokenIn("xyz ")).toBe("xyz");
});
