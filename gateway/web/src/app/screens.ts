// Every screen and its address. One line each; a screen is loaded when it is first opened.

import { type ComponentType, lazy } from "react";

export interface ScreenProps {
  params: Record<string, string>;
}

interface Screen {
  path: string;
  Screen: ComponentType<ScreenProps>;
}

export const screens: Screen[] = [
  { path: "/inbox/:task?", Screen: lazy(() => import("~/screens/inbox/Inbox")) },
  { path: "/new", Screen: lazy(() => import("~/screens/new/NewTask")) },
  { path: "/new/:form", Screen: lazy(() => import("~/screens/new/NewOfForm")) },
  { path: "/forms/:form/:task?", Screen: lazy(() => import("~/screens/register/Register")) },
  { path: "/forms", Screen: lazy(() => import("~/screens/forms/Forms")) },
  { path: "/tasks/:task", Screen: lazy(() => import("~/screens/task/TaskScreen")) },
  { path: "/administration/forms/:form/:part?", Screen: lazy(() => import("~/screens/designer/Designer")) },
  {
    path: "/administration/catalogs/:catalog",
    Screen: lazy(() => import("~/screens/catalogs/CatalogScreen")),
  },
  {
    path: "/administration/:section?/*?",
    Screen: lazy(() => import("~/screens/administration/Administration")),
  },
  { path: "/search", Screen: lazy(() => import("~/screens/search/Search")) },
  { path: "/qr", Screen: lazy(() => import("~/screens/sign_in/QrApprove")) },
  { path: "/lists/:list?", Screen: lazy(() => import("~/screens/lists/Lists")) },
  { path: "/profile/:section?/*?", Screen: lazy(() => import("~/screens/profile/Profile")) },
  { path: "/calendar", Screen: lazy(() => import("~/screens/calendar/Calendar")) },
  { path: "/people/:what?/:which?", Screen: lazy(() => import("~/screens/people/People")) },
  {
    path: "/announcements/:announcement?",
    Screen: lazy(() => import("~/screens/announcements/Announcements")),
  },
  { path: "/knowledge-base/:id?", Screen: lazy(() => import("~/screens/knowledge/Knowledge")) },
];
