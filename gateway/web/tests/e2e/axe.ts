// What an engine finds that people with other senses would stumble over (axe-core, WCAG 2.2 AA).

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  impact?: string | null;
  help: string;
  nodes: { target: unknown[]; failureSummary?: string }[];
}

/** Violations of serious or critical kind, each as a line that says where. */
export async function stumblingBlocks(page: Page): Promise<string[]> {
  // Over the debugger's wire, so that the page's own policy stays as it is.
  await page.evaluate(SOURCE);
  const violations = await page.evaluate(async () => {
    const axe = (
      globalThis as unknown as { axe: { run(options: unknown): Promise<{ violations: Violation[] }> } }
    ).axe;
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    return (await axe.run({ runOnly: { type: "tag", values: tags } })).violations;
  });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, help, nodes }) =>
        `${id} (${help}): ${nodes.map(({ target, failureSummary }) => `${target.join(" ")} – ${failureSummary?.replaceAll("\n", " ")}`).join(" | ")}`,
    );
}
