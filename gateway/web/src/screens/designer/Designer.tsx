// The designer of a form: its fields, its route, and everything around them. The draft saves itself; nothing goes by it until it is
// published.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Copy, Ellipsis, Lock, Redo2, Rocket, Table2, Undo2 } from "lucide-react";
import { lazy, Suspense, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLocation } from "wouter";
import { api, good } from "~/api/client";
import { Problem } from "~/api/problem";
import type { Form } from "~/api/types";
import { useActions, viewKeys } from "~/app/actions";
import { useSession } from "~/app/context";
import { Opening } from "~/app/Opening";
import type { ScreenProps } from "~/app/screens";
import { type Messages, useT } from "~/i18n";
import { Button, IconButton } from "~/ui/Button";
import { Empty } from "~/ui/Empty";
import { Menu } from "~/ui/Menu";
import { Page } from "~/ui/Page";
import { ProblemNote } from "~/ui/ProblemNote";
import { Tabs } from "~/ui/Tabs";
import { toast } from "~/ui/toast";
import { DesigningContext } from "./context";
import css from "./Designer.module.css";
import { type Chosen, Design, type Kept, type Ports } from "./design";
import { FieldsTab } from "./fields/FieldsTab";
import { definitionQuery, formQuery, readDefinition } from "./queries";
import { SavingNote, SavingState } from "./Saving";

const RouteTab = lazy(() => import("./route/RouteTab"));
const TryTab = lazy(() => import("./trying/TryTab"));
const WhatIfTab = lazy(() => import("./what_if/WhatIfTab"));
const VersionsTab = lazy(() => import("./versions/VersionsTab"));
const AccessTab = lazy(() => import("./access/AccessTab"));
const PrintTab = lazy(() => import("./access/PrintTab"));
const PublishDialog = lazy(() => import("./publish/PublishDialog"));

type TabId = keyof Messages["designer"]["tabs"];
const TABS: readonly TabId[] = ["fields", "route", "try", "what_if", "versions", "access", "print"];

const keptKey = (form: number) => `design:${form}`;

export default function Designer({ params }: ScreenProps) {
  return <Opened key={params.form} id={Number(params.form)} part={params.part} />;
}

function Opened({ id, part }: { id: number; part?: string }) {
  const t = useT();
  const { store } = useSession();
  const cache = useQueryClient();
  const definition = useQuery(definitionQuery(id));
  const form = useQuery(formQuery(id));
  const [design, setDesign] = useState<Design>();
  const begun = useRef(false);

  // The definition is taken once, with what is on the device; from then on the design hears of what changes.
  useEffect(() => {
    if (!definition.data || begun.current) return;
    begun.current = true;
    const defined = definition.data;
    const key = keptKey(id);
    void store.get("drafts", key).then((draft) => {
      const kept = draft?.value as Kept | undefined;
      if (kept) toast(t.designer.restored);
      const ports: Ports = {
        read: async () => {
          const now = await readDefinition(id);
          cache.setQueryData(definitionQuery(id).queryKey, now);
          return now;
        },
        save: async (next, seen) => {
          const body = { definition: next as unknown as Record<string, never>, version: seen.version };
          await good(api.PUT("/v4/forms/{id}", { params: { path: { id } }, body }));
        },
        keep: (value) =>
          void (value
            ? store.put("drafts", key, { key, value, at: Date.now() })
            : store.delete("drafts", key)),
      };
      setDesign(new Design(defined, ports, kept));
    });
  }, [definition.data, id, store, cache, t]);
  useEffect(() => {
    if (design && definition.data) design.heard(definition.data);
  }, [design, definition.data]);
  useEffect(() => {
    if (!design) return;
    const flush = () => void design.flush();
    document.addEventListener("visibilitychange", flush);
    return () => {
      document.removeEventListener("visibilitychange", flush);
      design.close();
    };
  }, [design]);

  const error = definition.error ?? form.error;
  if (error instanceof Problem && error.status === 403) {
    return (
      <Empty icon={<Lock size={24} />} title={t.designer.denied}>
        {t.designer.deniedHint}
      </Empty>
    );
  }
  if (!design || !form.data) {
    return error ? <ProblemNote error={error} onRetry={() => void definition.refetch()} /> : <Opening />;
  }
  const tab = TABS.find((one) => one === part) ?? "fields";
  return <Designing design={design} form={form.data} tab={tab} />;
}

function Designing({ design, form, tab }: { design: Design; form: Form; tab: TabId }) {
  const t = useT();
  const [, go] = useLocation();
  const cache = useQueryClient();
  const seen = useSyncExternalStore(design.subscribe, design.snapshot);
  const [chosen, choose] = useState<Chosen>({});
  const [publishing, setPublishing] = useState(false);
  const designing = useMemo(() => ({ ...seen, design, form, chosen, choose }), [seen, design, form, chosen]);
  const base = `/administration/forms/${form.id}`;
  const show = (next: Chosen) => {
    choose(next);
    if (next.step && tab !== "route") go(`${base}/route`);
    if (next.field && tab !== "fields") go(base);
  };
  const publish = () => setPublishing(true);
  const close = async (closed: boolean) => {
    await good(
      api.PUT("/v4/forms/{id}", { params: { path: { id: form.id } }, body: { deleted_or_closed: closed } }),
    );
    await cache.invalidateQueries({ queryKey: ["form", form.id] });
    await cache.invalidateQueries({ queryKey: ["forms"] });
  };
  const copy = async () => {
    const made = await good(
      api.POST("/v4/forms/{id}/clone", {
        params: { path: { id: form.id } },
        body: { name: t.designer.copyOf(form.name) },
      }),
    );
    await cache.invalidateQueries({ queryKey: ["forms"] });
    go(`/administration/forms/${made.id}`);
  };
  useActions([
    { id: "design.undo", label: t.designer.undo, keys: "$mod+z", run: () => design.undo() },
    { id: "design.redo", label: t.designer.redo, keys: "$mod+Shift+z", run: () => design.redo() },
    { id: "design.publish", label: t.designer.publish, keys: "$mod+Enter", run: publish },
    ...TABS.map((part, at) => ({
      id: `design.${part}`,
      label: t.designer.tabs[part],
      keys: viewKeys(at),
      run: () => go(part === "fields" ? base : `${base}/${part}`),
    })),
  ]);
  return (
    <DesigningContext.Provider value={designing}>
      <Page
        title={form.name}
        back="/administration/forms"
        fixed
        note={<SavingState onShow={show} />}
        actions={
          <>
            <IconButton label={t.designer.undo} disabled={!seen.canUndo} onClick={() => design.undo()}>
              <Undo2 size={17} />
            </IconButton>
            <IconButton label={t.designer.redo} disabled={!seen.canRedo} onClick={() => design.redo()}>
              <Redo2 size={17} />
            </IconButton>
            <Menu
              label={t.common.more}
              button={
                <IconButton label={t.common.more}>
                  <Ellipsis size={17} />
                </IconButton>
              }
              choices={[
                {
                  label: t.designer.openRegister,
                  icon: <Table2 size={16} />,
                  onChoose: () => go(`/forms/${form.id}`),
                },
                { label: t.designer.copyForm, icon: <Copy size={16} />, onChoose: () => void copy() },
                null,
                form.deleted_or_closed
                  ? {
                      label: t.designer.openForm,
                      icon: <Lock size={16} />,
                      onChoose: () => void close(false),
                    }
                  : {
                      label: t.designer.closeForm,
                      icon: <Lock size={16} />,
                      danger: true,
                      onChoose: () => void close(true),
                    },
              ]}
            />
            <Button kind="primary" icon={<Rocket size={16} />} onClick={publish} disabled={!seen.differs}>
              {t.designer.publish}
            </Button>
          </>
        }
        bar={
          <div className={css.tabs}>
            <Tabs
              label={t.designer.view}
              tabs={TABS.map((part) => ({ id: part, label: t.designer.tabs[part] }))}
              chosen={tab}
              onChoose={(part) => go(part === "fields" ? base : `${base}/${part}`)}
            />
          </div>
        }
      >
        <SavingNote onShow={show} />
        <Suspense fallback={<Opening />}>
          {tab === "fields" && <FieldsTab />}
          {tab === "route" && <RouteTab />}
          {tab === "try" && <TryTab />}
          {tab === "what_if" && <WhatIfTab />}
          {tab === "versions" && <VersionsTab />}
          {tab === "access" && <AccessTab />}
          {tab === "print" && <PrintTab />}
          {publishing && <PublishDialog onClose={() => setPublishing(false)} onShow={show} />}
        </Suspense>
      </Page>
    </DesigningContext.Provider>
  );
}
