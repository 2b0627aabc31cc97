import { asApiError } from "$lib/api/problem";
import { t } from "./texts";

/** What to tell a person about a failed call: what happened, what was kept, what to do. */
export function problemText(cause: unknown): string {
  const error = asApiError(cause);
  switch (error.remedy) {
    case "offline":
      return t("problemOffline");
    case "unavailable":
      return t("problemUnavailable");
    case "rate_limited":
      return t("tooManyTries", { n: Math.ceil(error.retryAfter ?? 1) });
    case "forbidden":
    case "must_change_password":
      return t("problemForbidden");
    case "gone":
      return t("problemGone");
    case "conflict":
      return error.problem.detail ?? t("problemConflict");
    case "too_large":
      return t("problemTooLarge");
    case "invalid":
      return error.problem.detail ?? Object.values(error.fields)[0] ?? t("problemInvalid");
    case "signed_out":
      return t("sessionOver");
    default:
      return t("problemUnexpected");
  }
}
