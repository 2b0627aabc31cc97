import { API_BASE } from "$lib/api/http";
import { ApiError } from "$lib/api/problem";
import type { FileInfo, Problem } from "$lib/api/types";
import type { FileAccess } from "./access";
import { f } from "./texts";

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/** Whether the server has judged it to be a picture; only those are shown. */
export function isPicture(file: FileInfo): boolean {
  return PICTURES.includes(file.type);
}

/**
 * Uploads a file; `progress` hears the part that is sent, from 0 to 1. Rejects with `ApiError`, and with an `AbortError`
 * when it is given up. (`fetch` says nothing of how far an upload is.)
 */
export function upload(
  access: FileAccess,
  file: File,
  progress: (part: number) => void,
  signal: AbortSignal,
): Promise<FileInfo> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${API_BASE}${access.path}/files?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("accept", "application/json");
    const token = access.token?.();
    if (token) request.setRequestHeader("authorization", `Bearer ${token}`);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) progress(event.loaded / event.total);
    };
    request.onload = () => {
      const json = parse(request.responseText);
      if (request.status === 201 && json?.file) resolve(json.file);
      else reject(new ApiError({ type: "about:blank", title: "Refused", ...json, status: request.status }));
    };
    request.onerror = () => {
      const detail = f("lost");
      reject(new ApiError({ type: "about:blank", title: "No answer", status: 0, detail }));
    };
    request.onabort = () => reject(new DOMException("given up", "AbortError"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

function parse(text: string): (Partial<Problem> & { file?: FileInfo }) | null {
  try {
    return JSON.parse(text) as Partial<Problem> & { file?: FileInfo };
  } catch {
    return null;
  }
}

/** What is in a file: a picture's bytes with a picture's type, everything else as nothing that a browser would open. */
export async function download(access: FileAccess, file: FileInfo, signal?: AbortSignal): Promise<Blob> {
  const token = access.token?.();
  const response = await fetch(`${API_BASE}${access.path}/files/${encodeURIComponent(file.id)}`, {
    headers: token ? { authorization: `Bearer ${token}` } : {},
    credentials: token ? "omit" : "same-origin",
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const type = isPicture(file) ? file.type : "application/octet-stream";
  return new Blob([await response.arrayBuffer()], { type });
}

/** Gives a file to the browser to keep. */
export function keep(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has begun by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
