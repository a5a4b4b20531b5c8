// The frame: where one can go, what waits to be sent, and the screen itself. On a phone the ways are at the bottom.

import { skipToken, useQuery } from "@tanstack/react-query";
import {
  BookOpen,
  CalendarDays,
  ClipboardList,
  Inbox,
  LayoutGrid,
  ListTree,
  Megaphone,
  Menu as MenuIcon,
  Plus,
  Search,
  Settings,
  Users,
} from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { api, good } from "~/api/client";
import { useT } from "~/i18n";
import { ADMINISTERS, may, useRights } from "~/store/rights";
import { signOut } from "~/store/session";
import { Avatar } from "~/ui/Avatar";
import { Button } from "~/ui/Button";
import { whenIdle } from "~/ui/idle";
import { useNarrow } from "~/ui/narrow";
import { useActions, useKeys } from "./actions";
import { useSession } from "./context";
import { Palette } from "./Palette";
import css from "./Shell.module.css";
import { Status } from "./Status";
import { UpdateNote } from "./UpdateNote";

interface Way {
  path: string;
  label: string;
  icon: ReactNode;
  keys?: string;
  count?: number;
}

export function useProfile() {
  return useQuery({ queryKey: ["profile"], queryFn: () => good(api.GET("/v4/profile")), staleTime: 300_000 });
}

export function useInboxCount(): number | undefined {
  const { data } = useQuery<{ count: number }>({ queryKey: ["inbox_count"], queryFn: skipToken });
  return data?.count;
}

export function Shell({ children }: { children: ReactNode }) {
  const t = useT();
  const [, go] = useLocation();
  const { me } = useSession();
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  /** On a phone it is out of sight until it is asked for: what is first looked at is drawn before it. */
  const [later, setLater] = useState(false);
  useEffect(() => whenIdle(() => setLater(true)), []);
  const count = useInboxCount();
  useKeys();
  const ways: Way[] = [
    { path: "/inbox", label: t.nav.inbox, icon: <Inbox />, keys: "g i", count },
    { path: "/forms", label: t.nav.forms, icon: <LayoutGrid />, keys: "g f" },
    { path: "/lists", label: t.nav.lists, icon: <ListTree />, keys: "g l" },
    { path: "/calendar", label: t.nav.calendar, icon: <CalendarDays />, keys: "g c" },
    { path: "/people", label: t.nav.people, icon: <Users />, keys: "g p" },
    { path: "/announcements", label: t.nav.announcements, icon: <Megaphone />, keys: "g a" },
    { path: "/knowledge-base", label: t.nav.knowledgeBase, icon: <BookOpen />, keys: "g k" },
  ];
  if (may(useRights(), ...ADMINISTERS))
    ways.push({ path: "/administration", label: t.nav.administration, icon: <Settings />, keys: "g s" });
  useActions(
    [
      ...ways.map((way) => ({
        id: `go ${way.path}`,
        label: way.label,
        keys: way.keys,
        group: t.palette.go,
        run: () => go(way.path),
      })),
      { id: "search", group: t.palette.everywhere, label: t.nav.search, keys: "/", run: () => go("/search") },
      { id: "new", group: t.palette.everywhere, label: t.nav.newTask, keys: "c", run: () => go("/new") },
      { id: "profile", group: t.palette.go, label: t.nav.profile, keys: "g m", run: () => go("/profile") },
      { id: "sign_out", group: t.palette.go, label: t.nav.signOut, keys: "g q", run: () => void signOut() },
    ],
    true,
  );
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#content">
        {t.nav.skip}
      </a>
      {(later || open || !narrow) && (
        <aside className={`${css.side} ${open ? css.open : ""}`}>
          <div className={css.brand}>
            <img src="/icon.svg" alt="" width={22} height={22} />
            <b>Nashi</b>
            <Status />
          </div>
          <div className={css.quick}>
            <Button kind="primary" icon={<Plus size={16} />} onClick={() => go("/new")} className={css.new}>
              {t.nav.newTask}
            </Button>
            <Link href="/search" className={css.search} aria-label={t.nav.search} title={t.nav.search}>
              <Search size={16} />
            </Link>
          </div>
          <nav className={css.nav} aria-label={t.nav.main}>
            {ways.map((way) => (
              <WayLink key={way.path} way={way} onGo={() => setOpen(false)} />
            ))}
          </nav>
          <Link href="/profile" className={css.me} onClick={() => setOpen(false)}>
            <Avatar person={{ id: me.person, first_name: me.name, type: "user" }} />
            <span>{me.name}</span>
          </Link>
        </aside>
      )}
      {open && (
        <button
          type="button"
          className={css.veil}
          aria-label={t.common.close}
          onClick={() => setOpen(false)}
        />
      )}
      <main id="content" className={css.main} tabIndex={-1}>
        {narrow && <Status strip />}
        <UpdateNote />
        {children}
      </main>
      <nav className={css.bottom} aria-label={t.nav.menu}>
        <Tab path="/inbox" label={t.nav.inbox} icon={<Inbox />} count={count} />
        <Tab path="/search" label={t.nav.search} icon={<Search />} />
        <Tab path="/new" label={t.nav.newShort} icon={<Plus />} />
        <Tab path="/forms" label={t.nav.forms} icon={<ClipboardList />} />
        <button type="button" className={css.tab} onClick={() => setOpen(true)} aria-expanded={open}>
          <MenuIcon />
          <span>{t.nav.menu}</span>
        </button>
      </nav>
      <Palette />
    </div>
  );
}

function WayLink({ way, onGo }: { way: Way; onGo: () => void }) {
  const [at] = useLocation();
  const here = at === way.path || at.startsWith(`${way.path}/`);
  return (
    <Link href={way.path} className={css.way} aria-current={here ? "page" : undefined} onClick={onGo}>
      {way.icon}
      <span>{way.label}</span>
      {way.count !== undefined && way.count > 0 && <span className={css.count}>{way.count}</span>}
    </Link>
  );
}

function Tab({ path, label, icon, count }: { path: string; label: string; icon: ReactNode; count?: number }) {
  const [at] = useLocation();
  const here = at === path || at.startsWith(`${path}/`);
  return (
    <Link href={path} className={css.tab} aria-current={here ? "page" : undefined}>
      {icon}
      <span>{label}</span>
      {count !== undefined && count > 0 && <span className={css.dot}>{count}</span>}
    </Link>
  );
}
