// The awards of the organisation.

import { api, good, type Schemas } from "~/api/client";
import { RIGHTS } from "~/store/rights";

export type Award = Schemas["ShownAward"];

const MANAGES = RIGHTS.closeDeleteAnnouncements | RIGHTS.deleteOthersTasks | RIGHTS.manageIntegrations;

/** Those who configure, which takes all three of these rights, manage awards. */
export const managesAwards = (rights: number): boolean => (rights & MANAGES) === MANAGES;

/** As many pages as there are. */
const PAGE = 100;

export const awardsQuery = {
  queryKey: ["awards"],
  queryFn: async () => {
    const awards: Award[] = [];
    let after: number | undefined;
    do {
      const page = await good(api.GET("/v4/awards", { params: { query: { item_count: PAGE, after } } }));
      awards.push(...(page.awards ?? []));
      after = page.next ?? undefined;
    } while (after !== undefined);
    return awards;
  },
};
