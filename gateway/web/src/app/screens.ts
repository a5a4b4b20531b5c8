// Every screen and its address. One line each; a screen is loaded when it is first opened, but for the inbox, which comes with the app.

import type { ComponentType } from "react";
import Inbox from "~/screens/inbox/Inbox";
import { lazily } from "./lazily";

export interface ScreenProps {
  params: Record<string, string>;
}

interface Screen {
  path: string;
  Screen: ComponentType<ScreenProps>;
}

export const screens: Screen[] = [
  { path: "/inbox/:task?", Screen: Inbox },
  { path: "/new", Screen: lazily(() => import("~/screens/new/NewTask")) },
  { path: "/new/:form", Screen: lazily(() => import("~/screens/new/NewOfForm")) },
  { path: "/forms/:form/:task?", Screen: lazily(() => import("~/screens/register/Register")) },
  { path: "/forms", Screen: lazily(() => import("~/screens/forms/Forms")) },
  { path: "/tasks/:task", Screen: lazily(() => import("~/screens/task/TaskScreen")) },
  { path: "/administration/forms/:form/:part?", Screen: lazily(() => import("~/screens/designer/Designer")) },
  {
    path: "/administration/catalogs/:catalog",
    Screen: lazily(() => import("~/screens/catalogs/CatalogScreen")),
  },
  {
    path: "/administration/:section?/*?",
    Screen: lazily(() => import("~/screens/administration/Administration")),
  },
  { path: "/search", Screen: lazily(() => import("~/screens/search/Search")) },
  { path: "/qr", Screen: lazily(() => import("~/screens/sign_in/QrApprove")) },
  { path: "/lists/:list?", Screen: lazily(() => import("~/screens/lists/Lists")) },
  { path: "/profile/:section?/*?", Screen: lazily(() => import("~/screens/profile/Profile")) },
  { path: "/calendar", Screen: lazily(() => import("~/screens/calendar/Calendar")) },
  { path: "/people/:what?/:which?", Screen: lazily(() => import("~/screens/people/People")) },
  {
    path: "/announcements/:announcement?",
    Screen: lazily(() => import("~/screens/announcements/Announcements")),
  },
  { path: "/knowledge-base/:id?", Screen: lazily(() => import("~/screens/knowledge/Knowledge")) },
];
