// What past tasks would have done on another definition.

import { api, good } from "~/api/client";
import type { Definition } from "../model/wire";

export interface WhatIf {
  form_id: number;
  examined: number;
  next_after?: number | null;
  tasks: Otherwise[];
}

export interface Otherwise {
  task_id: number;
  text: string;
  differences: Difference[];
}

export interface Difference {
  step: number;
  step_name?: string | null;
  change: string;
  approver?: { id: number; name: string } | null;
  condition?: string | null;
  holds?: boolean | null;
  missing_fields?: string[];
}

/** Of the draft where no definition is given. */
export function askWhatIf(
  form: number,
  body: { definition?: Definition; item_count?: number; after?: number },
): Promise<WhatIf> {
  const { definition, ...rest } = body;
  return good(
    api.POST("/v4/forms/{id}/what_if", {
      params: { path: { id: form } },
      body: { ...rest, ...(definition && { definition: definition as unknown as Record<string, never> }) },
    }),
  ) as Promise<WhatIf>;
}
