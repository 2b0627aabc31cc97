import "$lib/styles/tokens.css";
import "$lib/styles/inter.css";
import "$lib/styles/base.css";
import { mount } from "svelte";
import { showTheme, storedTheme } from "$lib/styles/theme";
import App from "./App.svelte";

showTheme(storedTheme());

// After an upgrade the pieces of the old page are gone: load the new page, once.
const RELOADED = "switchboard.reloaded";
addEventListener("vite:preloadError", (event) => {
  try {
    if (sessionStorage.getItem(RELOADED)) return;
    sessionStorage.setItem(RELOADED, "1");
  } catch {
    // Without storage nothing tells a second time from the first: leave it to the person.
    return;
  }
  event.preventDefault();
  location.reload();
});
// Pieces that load again give the next upgrade its own reload.
addEventListener("load", () => {
  setTimeout(() => {
    try {
      sessionStorage.removeItem(RELOADED);
    } catch {
      // Nothing was stored then.
    }
  }, 10_000);
});

const target = document.getElementById("app");
if (target) mount(App, { target });
