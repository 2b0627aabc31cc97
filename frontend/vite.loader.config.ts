import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** The loader that other sites embed: one classic script without a framework, `/widget.js`. */
export default defineConfig({
  resolve: { alias: { $lib: fileURLToPath(new URL("./src/lib", import.meta.url)) } },
  publicDir: false,
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: ["chrome103", "firefox103", "safari16.4"],
    reportCompressedSize: false,
    lib: {
      entry: "apps/loader/main.ts",
      formats: ["iife"],
      name: "SwitchboardLoader",
      fileName: () => "widget.js",
    },
  },
});
