// Numbers with their nouns, by each language's own rules (Unicode CLDR, as the browser knows them).

export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** A function that puts a number into the form that the language wants for it; `#` stands for the number. */
export function pluralIn(language: string): (count: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  return (count, forms) => (forms[rules.select(count)] ?? forms.other).replaceAll("#", number.format(count));
}
