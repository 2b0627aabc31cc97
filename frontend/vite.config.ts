import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig, type Plugin } from "vitest/config";
import { icons } from "./vite.icons.mjs";

/** Where `npm run dev` finds the server. */
const SERVER = process.env["SWITCHBOARD_DEV_SERVER"] ?? "http://127.0.0.1:8080";

/** In development Vite serves the two pages at the addresses that the program gives them. */
function pages(): Plugin {
  return {
    name: "switchboard-pages",
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const path = (request.url ?? "/").split("?")[0] ?? "/";
        if (path === "/" || path === "/chat") request.url = "/chat.html";
        else if (path === "/console" || path.startsWith("/console/")) request.url = "/console.html";
        next();
      });
    },
  };
}

/**
 * The chat and the console are built apart, `--mode chat` and `--mode console`: built together they would share a
 * runtime chunk, and the visitor would pay for the console.
 */
export default defineConfig(({ mode }) => ({
  plugins: [icons(), svelte(), pages(), ...(mode === "test" ? [svelteTesting()] : [])],
  resolve: { alias: { $lib: fileURLToPath(new URL("./src/lib", import.meta.url)) } },
  publicDir: false,
  appType: "mpa",
  server: { proxy: { "/api": { target: SERVER, ws: true } } },
  build: {
    outDir: "dist",
    emptyOutDir: false,
    target: ["chrome123", "firefox121", "safari17.5"],
    // Inlined files would need `data:` in more directives of the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: {
      input: mode === "console" ? "console.html" : "chat.html",
      checks: { bundlerTimings: false },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["tests/unit/**/*.test.ts"],
    setupFiles: ["tests/unit/setup.ts"],
    restoreMocks: true,
    // Compiling a whole screen counts into the test that asks for it first.
    testTimeout: 20_000,
  },
}));
