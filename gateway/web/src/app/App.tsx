// What is on the screen: signing in, or the app. Screens are loaded when they are first opened.

import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useSyncExternalStore } from "react";
import { Redirect, Route, Switch } from "wouter";
import { sessionState, subscribeSession } from "~/store/session";
import { Toasts } from "~/ui/toast";
import { InSession } from "./context";
import { Guard } from "./Guard";
import { Locked } from "./Locked";
import { Missing } from "./Missing";
import { Opening } from "./Opening";
import { Shell } from "./Shell";
import { screens } from "./screens";

const SignIn = lazy(() => import("~/screens/sign_in/SignIn"));

export function App() {
  const current = useSyncExternalStore(subscribeSession, sessionState);
  if (current.state === "opening") return <Opening />;
  if (current.state === "signed_out") {
    return (
      <Guard>
        <Suspense fallback={<Opening />}>
          <SignIn setUp={current.setUp} />
        </Suspense>
        <Toasts />
      </Guard>
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
        {locked && <Locked me={session.me} />}
        <Toasts />
      </InSession>
    </QueryClientProvider>
  );
}
