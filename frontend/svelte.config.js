import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

/** Runes everywhere: the older reactivity is not used in this package. */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true },
  // The kit's third-party parts are compiled as they were published.
  vitePlugin: {
    dynamicCompileOptions: ({ filename }) =>
      filename.includes("node_modules") ? { runes: undefined } : undefined,
  },
};
