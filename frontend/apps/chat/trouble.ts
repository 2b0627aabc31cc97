/** What must be here before it is needed, in one piece: then nothing more can be loaded. */
export { default as ConnectionBanner } from "./parts/ConnectionBanner.svelte";
export { default as Stopped } from "./parts/Stopped.svelte";
