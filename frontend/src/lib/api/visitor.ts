import { call, callText } from "./http";
import type {
  Conversation,
  Entry,
  MessageBody,
  Page,
  StartWith,
  Summary,
  VisitorDirectory,
  VisitorSession,
} from "./types";

export interface VisitorDetails {
  name?: string;
  email?: string;
  locale?: string;
  page?: string;
  inbox?: string;
  identity?: string;
  /** Answers to the form before a conversation. */
  attributes?: Record<string, string>;
}

const id = encodeURIComponent;

/** The visitor's calls. Each names the token it acts with; without one a session can only be made. */
export const visitorApi = {
  /** Without a token: a new visitor. With one: the same visitor, details updated. */
  session: (details: VisitorDetails, token?: string) =>
    call<VisitorSession>("POST", "/visitor/session", { body: details, token }),

  directory: (token: string) => call<VisitorDirectory>("GET", "/visitor/directory", { token }),

  conversations: (token: string, cursor?: string) =>
    call<Page<Summary>>("GET", "/visitor/conversations", { token, query: { cursor } }),

  /** Repeating the `client_msg_id` gives the same conversation. */
  start: (token: string, to: StartWith, clientMsgId: string, body?: MessageBody) =>
    call<Conversation>("POST", "/visitor/conversations", {
      token,
      body: { to, client_msg_id: clientMsgId, ...(body ? { body } : {}) },
    }),

  conversation: (token: string, conversation: string) =>
    call<Conversation>("GET", `/visitor/conversations/${id(conversation)}`, { token }),

  entries: (token: string, conversation: string, window: EntryWindow) =>
    call<Page<Entry>>("GET", `/visitor/conversations/${id(conversation)}/entries`, {
      token,
      query: { ...window },
    }),

  /** The conversation as a text to keep. */
  transcript: (token: string, conversation: string, zone: string, locale: string) =>
    callText("GET", `/visitor/conversations/${id(conversation)}/transcript`, {
      token,
      query: { zone, locale },
    }),

  /** Ask for a person. */
  handoff: (token: string, conversation: string) =>
    call<Conversation>("POST", `/visitor/conversations/${id(conversation)}/handoff`, { token, body: {} }),

  /** End it. */
  resolve: (token: string, conversation: string) =>
    call<Conversation>("POST", `/visitor/conversations/${id(conversation)}/resolve`, { token, body: {} }),

  /** `score` from 1 to 5. */
  rate: (token: string, conversation: string, score: number, comment?: string) =>
    call<undefined>("POST", `/visitor/conversations/${id(conversation)}/rating`, {
      token,
      body: { score, ...(comment ? { comment } : {}) },
    }),
};

/** `before`: the last `limit` entries before that `seq`; `after`: the first `limit` after it. At most 200. */
export interface EntryWindow {
  after?: number;
  before?: number;
  limit?: number;
}
