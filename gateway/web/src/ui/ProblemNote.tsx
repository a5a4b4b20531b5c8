// What went wrong, in words, with a way on.

import { CircleAlert } from "lucide-react";
import { Problem, Unreachable } from "~/api/problem";
import { useT } from "~/i18n";
import { Button } from "./Button";
import css from "./ProblemNote.module.css";

/** An error as a sentence that says what to do. */
export function useProblemText(): (error: unknown) => string {
  const t = useT();
  return (error) => {
    if (error instanceof Unreachable) return t.problems.unreachable;
    if (!(error instanceof Problem)) return t.problems.unknown;
    if (error.status === 429)
      return error.retryAfter ? t.problems.tooMany(error.retryAfter) : t.problems.slow;
    if (error.status === 503) return t.problems.slow;
    if (error.status === 413) return t.problems.tooLarge;
    // The server's own words, which name the field and the rule, in the person's language.
    if (error.message) return error.message;
    if (error.status === 403) return t.problems.denied;
    if (error.status === 404) return t.problems.gone;
    if (error.status === 409) return t.problems.conflict;
    return t.problems.unknown;
  };
}

/** `text`: better words than the server's, where this place knows them. */
export function ProblemNote({
  error,
  text: better,
  onRetry,
}: {
  error: unknown;
  text?: string;
  onRetry?: () => void;
}) {
  const t = useT();
  const text = useProblemText();
  if (!error) return null;
  return (
    <div className={css.note} role="alert">
      <CircleAlert size={16} aria-hidden="true" />
      <div className={css.text}>
        {better ?? text(error)}
        {error instanceof Problem && !better && (
          <small className={css.code}>{t.problems.code(error.code)}</small>
        )}
      </div>
      {onRetry && (
        <Button size="s" onClick={onRetry}>
          {t.common.tryAgain}
        </Button>
      )}
    </div>
  );
}
