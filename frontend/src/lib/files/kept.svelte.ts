import type { Component } from "svelte";
import type { FileTray } from "./tray.svelte";

/** The files that wait above one text, and what shows them: kept by whoever outlives the field. */
export class KeptFiles {
  files = $state.raw<{
    tray: FileTray;
    Tray: Component<{ tray: FileTray; size: "control" | "touch" }>;
  } | null>(null);
}
