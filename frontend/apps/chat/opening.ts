import type { VisitorTeam } from "$lib/api/types";
import { fullTime } from "$lib/i18n/format";
import { t } from "./texts";

/** When a closed team is there again, in the visitor's own time; empty while it is open. */
export function opening(team: Pick<VisitorTeam, "opens_at"> | undefined): string {
  return team?.opens_at ? t("opensAt", { time: fullTime(team.opens_at) }) : "";
}
