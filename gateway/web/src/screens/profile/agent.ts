// Which program and system a user agent is, in words: enough to know one's own devices again. Pure.

const PROGRAMS: readonly [RegExp, string][] = [
  [/Edg(?:A|iOS)?\//, "Edge"],
  [/OPR\//, "Opera"],
  [/YaBrowser\//, "Yandex"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/(?:Firefox|FxiOS)\//, "Firefox"],
  [/(?:Chrome|CriOS|HeadlessChrome)\//, "Chrome"],
  [/Version\/.*Safari\//, "Safari"],
];

const SYSTEMS: readonly [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/CrOS/, "ChromeOS"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/Linux/, "Linux"],
];

const PHONES = new Set(["iPhone", "iPad", "Android"]);

export interface Program {
  program: string;
  system?: string;
  phone: boolean;
}

export function programOf(agent: string | null | undefined): Program {
  const text = agent ?? "";
  const find = (known: readonly [RegExp, string][]) => known.find(([pattern]) => pattern.test(text))?.[1];
  const system = find(SYSTEMS);
  // What is no browser says what it is before its first slash.
  const program = find(PROGRAMS) ?? text.split(/[/\s]/)[0] ?? "";
  return { program, system, phone: system !== undefined && PHONES.has(system) };
}
