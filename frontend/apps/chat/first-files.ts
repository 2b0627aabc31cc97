import type { FileInfo } from "$lib/api/types";
import type { FileAccess } from "$lib/files/access";
import { upload } from "$lib/files/transfer";

/** Uploads what waits, one after the other. What is there already is not sent again after a failure. */
export async function uploadAll(
  access: FileAccess,
  files: readonly File[],
  done: Map<File, FileInfo>,
): Promise<FileInfo[]> {
  for (const file of files) {
    if (!done.has(file)) {
      done.set(file, await upload(access, file, () => undefined, new AbortController().signal));
    }
  }
  return files.flatMap((file) => done.get(file) ?? []);
}
