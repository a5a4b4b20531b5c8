// Numbers with their nouns, by each language's own rules (Unicode CLDR, as the browser knows them).

export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** A function that puts a number into the form that the language wants for it; `#` stands for the number. */
export function pluralIn(language: string): (count: number, forms: Forms) => string {
  // Made when a number is first said: it takes the browser longer than what is said.
  let made: { rules: Intl.PluralRules; number: Intl.NumberFormat } | undefined;
  return (count, forms) => {
    made ??= { rules: new Intl.PluralRules(language), number: new Intl.NumberFormat(language) };
    const form = forms[made.rules.select(count)] ?? forms.other;
    return form.replaceAll("#", made.number.format(count));
  };
}
