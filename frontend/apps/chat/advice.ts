import type { ApiError } from "$lib/api/problem";
import { t } from "./texts";

/** One sentence that says what the visitor can do about a failed call. */
export function advice(error: ApiError): string {
  switch (error.remedy) {
    case "offline":
      return t("adviceOffline");
    case "unavailable":
      return t("adviceUnavailable");
    case "rate_limited":
      return t("adviceRateLimited");
    case "gone":
      return t("adviceGone");
    case "invalid":
    case "too_large":
    case "conflict":
      return error.problem.detail ?? Object.values(error.fields)[0] ?? error.problem.title;
    default:
      return t("adviceReload");
  }
}
