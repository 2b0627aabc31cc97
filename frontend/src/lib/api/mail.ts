import { call } from "./http";
import type { Visitor } from "./types";

/** What the links of e-mails do. */
export const mailApi = {
  /** Come back as the visitor to whom the e-mail went; with a `token` to keep where this browser has none of it. */
  open: (secret: string, token: string | undefined) =>
    call<{ visitor: Visitor; token?: string; conversation: string }>("POST", "/visitor/mail/open", {
      body: { secret },
      token,
    }),
  stop: (secret: string) => call<undefined>("POST", `/visitor/mail/stop/${encodeURIComponent(secret)}`, { body: {} }),
};
