export { default as Attached } from "./Attached.svelte";
export { default as Tray } from "./Tray.svelte";
export { FileTray } from "./tray.svelte";
