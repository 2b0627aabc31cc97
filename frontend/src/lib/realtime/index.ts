export { createConversationStore, type Side } from "./store.svelte";
export { newClientId } from "./ids";
export { keepIn, type Keep } from "./storage";
export { LOOKING_EVERY_MS, TEXT_CHARACTERS } from "./limits";
export * from "./types";
