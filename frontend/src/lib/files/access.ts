/** Where the files of a conversation are (below the interface's base), and as whom; staff use the cookie. */
export interface FileAccess {
  path: string;
  token?: (() => string | null) | undefined;
}

/** Most files of one message. */
export const FILES_PER_MESSAGE = 5;

/** Everything about files is loaded when there is one. */
export const loadFiles = () => import("./index");
