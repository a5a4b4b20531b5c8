// What is on the screen: signing in, or the app. Screens are loaded when they are first opened.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, Suspense, useSyncExternalStore } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { doorOf } from "~/screens/sign_in/doors";
import { sessionState, subscribeSession } from "~/store/session";
import { Toasts } from "~/ui/toast";
import { InSession } from "./context";
import { Guard } from "./Guard";
import { lazily } from "./lazily";
import { Missing } from "./Missing";
import { Opening } from "./Opening";
import { Shell } from "./Shell";
import { StepUp } from "./StepUp";
import { screens } from "./screens";

const Locked = lazily(() => import("./Locked"));
const SignIn = lazily(() => import("~/screens/sign_in/SignIn"));
const Demanded = lazily(() => import("~/screens/sign_in/Demanded"));
const Through = lazily(() => import("~/screens/sign_in/Through"));

/** For what comes before a session; nothing of it is kept. */
const outside = new QueryClient();

export function App() {
  const current = useSyncExternalStore(subscribeSession, sessionState);
  const [path, go] = useLocation();
  const door = doorOf(path, location.hash);
  if (current.state === "opening") return <Opening />;
  if (door) {
    return (
      <Outside>
        <Through key={current.state} door={door} onLeave={() => go("/", { replace: true })} />
      </Outside>
    );
  }
  if (current.state === "signed_out") {
    return (
      <Outside>
        <SignIn setUp={current.setUp} />
      </Outside>
    );
  }
  if (current.state === "needs_factor") {
    return (
      <Outside>
        <Demanded />
      </Outside>
    );
  }
  const { session, locked } = current;
  return (
    <QueryClientProvider client={session.cache} key={session.store.name}>
      <InSession session={session}>
        <Shell>
          <Switch>
            <Route path="/">
              <Redirect to="/inbox" replace />
            </Route>
            {screens.map(({ path, Screen }) => (
              <Route key={path} path={path}>
                {(params) => (
                  <Guard>
                    <Suspense fallback={<Opening />}>
                      <Screen params={params as Record<string, string>} />
                    </Suspense>
                  </Guard>
                )}
              </Route>
            ))}
            <Route>
              <Missing />
            </Route>
          </Switch>
        </Shell>
        {locked && (
          <Suspense>
            <Locked me={session.me} why={locked} />
          </Suspense>
        )}
        <StepUp />
        <Toasts />
      </InSession>
    </QueryClientProvider>
  );
}

function Outside({ children }: { children: ReactNode }) {
  return (
    <QueryClientProvider client={outside}>
      <Guard>
        <Suspense fallback={<Opening />}>{children}</Suspense>
      </Guard>
      <StepUp />
      <Toasts />
    </QueryClientProvider>
  );
}
