/** The figures that admins look at. */

/** How long something took: in how many conversations, and in seconds. */
export interface Span {
  count: number;
  average_s?: number | null;
  median_s?: number | null;
}

/** The figures of some conversations. */
export interface Figures {
  started: number;
  handled: number;
  resolved: number;
  left_messages: number;
  first_reply: Span;
  wait: Span;
  resolution: Span;
  /** `scores`: how many of each, from 1 to 5. */
  ratings: { count: number; average?: number | null; scores: number[] };
}

/** The figures of a day, an hour, a team, an agent or an automation. An empty name is known no more. */
export interface ReportPart {
  key: string;
  name: string;
  figures: Figures;
}

/** What happened with the conversations that began from one day to another. */
export interface Report {
  from: string;
  to: string;
  zone: string;
  totals: Figures;
  days: ReportPart[];
  hours: ReportPart[];
  teams: ReportPart[];
  agents: ReportPart[];
  automations: ReportPart[];
}
