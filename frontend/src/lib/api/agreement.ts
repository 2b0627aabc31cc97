/**
 * What the pages read against what the server writes: each line fails the check when a type of `types.ts` asks for
 * more than the published document promises. Types only; nothing of this reaches a page.
 */
import type { ServerFrame, ClientFrame } from "../realtime/types";
import type { components } from "./schema";
import type * as Ours from "./types";

type Server = components["schemas"];

/** The document calls most closed sets plain strings. */
type Wide<T> = T extends string
  ? string
  : T extends readonly (infer Item)[]
    ? Wide<Item>[]
    : T extends object
      ? { [K in keyof T]: Wide<T[K]> }
      : T;

/** Compiles only if whatever the server writes may be read as `Reads`. */
type Agrees<Writes extends Wide<Reads>, Reads> = [Writes, Reads];

export type Agreement = [
  Agrees<Server["Account"], Ours.Account>,
  Agrees<Server["NewAccount"], Ours.NewAccount>,
  Agrees<Server["Session"], Ours.StaffSession>,
  Agrees<Server["Team"], Ours.Team>,
  Agrees<Server["Automation"], Ours.Automation>,
  Agrees<Server["AuditRecord"], Ours.AuditRecord>,
  Agrees<Server["CannedReply"], Ours.CannedReply>,
  Agrees<Server["SavedView"], Ours.SavedView>,
  Agrees<Server["Found"], Ours.Found>,
  Agrees<Server["Settings"], Ours.Settings>,
  Agrees<Server["Ban"], Ours.Ban>,
  Agrees<Server["Mail"], Ours.Mail>,
  Agrees<Server["IdentityKey"], Ours.IdentityKey>,
  Agrees<Server["Article"], Ours.Article>,
  Agrees<Server["Rehearsed"], Ours.RehearsedAnswer>,
  Agrees<Server["Guest"], Ours.Guest>,
  Agrees<Server["Webhook"], Ours.Webhook>,
  Agrees<Server["WebhookDelivery"], Ours.WebhookDelivery>,
  Agrees<Server["File"], Ours.FileInfo>,
  Agrees<Server["Directory"], Ours.StaffDirectory>,
  Agrees<Server["Mention"], Ours.Mention>,
  Agrees<Server["Report"], Ours.Report>,
  Agrees<Omit<Server["Entry"], "body">, Omit<Ours.Entry, "body">>,
  Agrees<Server["Conversation"], Ours.Conversation>,
  Agrees<Server["Summary"], Ours.Summary>,
  Agrees<Server["VisitorDirectory"], Ours.VisitorDirectory>,
  Agrees<Server["VisitorSession"], Ours.VisitorSession>,
  Agrees<Server["ProblemDocument"], Ours.Problem>,
  Agrees<Server["FromServer"]["type"], ServerFrame["type"]>,
  // The other way round: what we send, the server reads.
  Agrees<ClientFrame["type"], Server["FromClient"]["type"]>,
];
