import { call } from "./http";
import type { Visitor } from "./types";

/** E-mail to visitors: the conversation as one, and what the links in them do. */
export const mailApi = {
  /** Send the conversation to the address that the visitor has given. */
  transcript: (token: string, conversation: string, zone: string) =>
    call<undefined>("POST", `/visitor/conversations/${encodeURIComponent(conversation)}/transcript/mail`, {
      token,
      body: { zone },
    }),
  /** Come back as the visitor to whom the e-mail went; with a `token` to keep where this browser has none of it. */
  open: (secret: string, token: string | undefined) =>
    call<{ visitor: Visitor; token?: string; conversation: string }>("POST", "/visitor/mail/open", {
      body: { secret },
      token,
    }),
  stop: (secret: string) =>
    call<undefined>("POST", `/visitor/mail/stop/${encodeURIComponent(secret)}`, { body: {} }),
};
