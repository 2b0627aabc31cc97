/** Servers outside that are told what happens. */

import type { Timestamp } from "./types";

/** A server outside that is told what happens. */
export interface Webhook {
  id: string;
  name: string;
  url: string;
  events: string[];
  active: boolean;
  /** Why Switchboard tells it nothing any more. */
  stopped?: string | null;
  failing_since?: Timestamp | null;
  old_secret_until?: Timestamp | null;
  waiting: number;
  /** How many may; with more it is told nothing further. */
  limit?: number;
  failed: number;
  created_at: Timestamp;
}

/** Something that such a server was to be told. */
export interface WebhookDelivery {
  id: string;
  event: string;
  about: string;
  state: "waiting" | "delivered" | "failed";
  attempts: number;
  created_at: Timestamp;
  due_at?: Timestamp | null;
  tried_at?: Timestamp | null;
  status?: number | null;
  took_ms?: number | null;
  said: string;
}
