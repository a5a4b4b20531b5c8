// Numbers with their nouns, by each language's own rules (Unicode CLDR, as the browser knows them).

export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** From here on numbers are written with signs between their digits. */
const LONG = 1_000;

/** A function that puts a number into the form that the language wants for it; `#` stands for the number. */
export function pluralIn(language: string): (count: number, forms: Forms) => string {
  // Made when they are first wanted: on a phone the browser takes a tenth of a second to begin with numbers.
  let rules: Intl.PluralRules | undefined;
  let number: Intl.NumberFormat | undefined;
  const write = (count: number) => {
    if (Number.isInteger(count) && count >= 0 && count < LONG) return String(count);
    number ??= new Intl.NumberFormat(language);
    return number.format(count);
  };
  return (count, forms) => {
    rules ??= new Intl.PluralRules(language);
    return (forms[rules.select(count)] ?? forms.other).replaceAll("#", write(count));
  };
}
