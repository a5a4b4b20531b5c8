// Members as this part reads and writes them.

import { api, good, type Schemas } from "~/api/client";
import { fromDay } from "~/i18n/format";

export type Member = Schemas["ShownMember"];
export type Bound = Schemas["ShownBound"];

export const BOUNDS = [
  "web_session_settings",
  "web_session_inactive_settings",
  "web_session_restriction_settings",
  "mobile_session_settings",
  "mobile_session_inactive_settings",
  "mobile_session_restriction_settings",
] as const;

export const RESTRICTIONS = [
  "cant_view_restricted_form_registry",
  "cant_view_form_registry",
  "cant_export_restricted_form_registry",
  "cant_export_form_registry",
  "cant_add_external_users_to_tasks",
  "cant_add_external_users_to_lists",
] as const;

/** What a change may hold: what is there changes, an empty text clears. */
export type MemberChange = Partial<
  Pick<
    Member,
    | "email"
    | "first_name"
    | "last_name"
    | "position"
    | "status"
    | "phone"
    | "mobile_phone"
    | "location"
    | "personnel_number"
    | "external_id"
    | "time_zone"
    | "department_id"
    | "rights"
    | "banned"
    | "two_factor_auth"
    | (typeof RESTRICTIONS)[number]
  >
> & { drop_department?: boolean } & {
  [name in (typeof BOUNDS)[number]]?: {
    life_span_hours?: number;
    max_count?: number;
    disable?: true;
    drop?: true;
  };
};

/** The moment at which a day is over here, for `as_of`; now, where the day is today. */
export function asOfOf(day: string | undefined): string | undefined {
  if (!day) return undefined;
  const end = fromDay(day);
  end.setDate(end.getDate() + 1);
  if (end.getTime() >= Date.now()) return undefined;
  return `${new Date(end.getTime() - 1000).toISOString().slice(0, 19)}Z`;
}

export const membersQuery = (asOf?: string) => ({
  queryKey: ["members", asOf ?? ""],
  queryFn: () => good(api.GET("/v4/members", { params: { query: { include_fired: true, as_of: asOf } } })),
  meta: { kept: false },
});

export const memberQuery = (id: number, asOf?: string) => ({
  queryKey: asOf ? ["member", id, asOf] : ["member", id],
  queryFn: () => good(api.GET("/v4/members/{id}", { params: { path: { id }, query: { as_of: asOf } } })),
});

export const departmentsQuery = {
  queryKey: ["departments"],
  queryFn: () => good(api.GET("/v4/orgchart")),
  staleTime: 60_000,
};

export const changeMember = (id: number, change: MemberChange): Promise<Member> =>
  good(api.PUT("/v4/members/{id}", { params: { path: { id } }, body: change as never }));

/** Many at once; the first refusal is the answer, and what was done before it stays. */
export const changeMembers = (changes: {
  ChangeMembers?: (MemberChange & { id: number })[];
  BanMembers?: number[];
  FireMembers?: { id: number; task_receiver_id?: number }[];
}) => good(api.POST("/v4/members/bulk", { body: changes as never }));
