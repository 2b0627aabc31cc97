export { createConversationStore, type Side } from "./store.svelte";
export { newClientId } from "./ids";
export { keepIn, type Keep } from "./storage";
export { TEXT_CHARACTERS } from "./limits";
export * from "./types";
