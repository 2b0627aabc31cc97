/** Times and sizes of the client's side of the conversation. Times in milliseconds unless the name says so. */

/** From opening a socket to `welcome`. */
export const WELCOME_DEADLINE_MS = 10_000;
/** A sent message without `ack` or `nack` for so long, while connected, has failed. */
export const ACK_DEADLINE_MS = 30_000;
/** After sending something that demands an answer, silence for so long means that the socket is dead. */
export const SILENCE_DEADLINE_MS = 12_000;
/** First ceiling of the random pause before another attempt, doubled for each further one. */
export const BACKOFF_FIRST_MS = 1_000;
export const BACKOFF_CAP_MS = 30_000;
/** A lost connection is not mentioned for so long. */
export const QUIET_MS = 2_000;
/** After so long without connection the person is told plainly, and may try now. */
export const OFFLINE_MS = 10_000;
/** So long "Back online" stays. */
export const BACK_MS = 2_500;
/** The server closes a socket that is silent for this long; a page that slept longer opens a new one. */
export const DEAD_AFTER_SLEEP_MS = 45_000;
/** How often the page notices the time, to tell that it slept. */
export const HEARTBEAT_MS = 5_000;

/** `typing` is sent at most so often, and shown so long after the last one. */
export const TYPING_EVERY_MS = 3_000;
export const TYPING_SHOWN_MS = 6_000;
/** What a visitor has typed is shown so long after it last changed. */
export const DRAFT_SHOWN_MS = 60_000;

/** Agents say at most so often that they look at a conversation; it is shown so long after the last word. */
export const LOOKING_EVERY_MS = 15_000;
export const LOOKING_SHOWN_MS = 25_000;

/** A head that is known but not reached for so long is asked for again. */
export const CATCH_UP_MS = 5_000;
/** After so many resumes that did not reach the head, what is shown is thrown away and loaded anew. */
export const RESUMES_BEFORE_RELOAD = 3;
/** Entries of one page of history. */
export const PAGE_ENTRIES = 50;
/** Messages that may wait to be sent; more are refused at once. */
export const OUTBOX_MESSAGES = 200;
/** Pause before a message goes out again after `nack retry` without `retry_after`. */
export const RETRY_MS = 1_000;
/** Longest pause that is taken from the server's word. */
export const RETRY_CAP_S = 120;
/** Longest text of a message, in Unicode characters after trimming. */
export const TEXT_CHARACTERS = 8_000;
