// Light or dark: as the person chose, else as the system is.

export type Theme = "system" | "light" | "dark";

const CHOSEN = "nashi:theme";

export function chosenTheme(): Theme {
  try {
    const text = localStorage.getItem(CHOSEN);
    return text === "light" || text === "dark" ? text : "system";
  } catch {
    return "system";
  }
}

export function applyTheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = chosenTheme();
    document.documentElement.dataset.theme = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
  };
  dark.addEventListener("change", apply);
  apply();
}

export function chooseTheme(theme: Theme): void {
  try {
    localStorage.setItem(CHOSEN, theme);
  } catch {
    // It holds until the tab is closed.
  }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = theme === "system" ? (dark ? "dark" : "light") : theme;
}
