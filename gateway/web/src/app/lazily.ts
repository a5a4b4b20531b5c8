// Parts that are loaded when they are first wanted. What comes with the first screen says only the first words; everything else is
// loaded by this, and finds all of them there.

import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import { wholeLanguage } from "~/i18n/language";

// biome-ignore lint/suspicious/noExplicitAny: as React types what it loads
export function lazily<C extends ComponentType<any>>(
  load: () => Promise<{ default: C }>,
): LazyExoticComponent<C> {
  return lazy(async () => {
    const [part] = await Promise.all([load(), wholeLanguage()]);
    return part;
  });
}
