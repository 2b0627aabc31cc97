import { mount } from "svelte";
import { showTheme, storedTheme } from "$lib/styles/theme";
import "$lib/styles/tokens.css";
import "$lib/styles/base.css";
import "./chat.css";
import App from "./App.svelte";

const RELOADED = "switchboard.reloaded";

// After an upgrade of the server a part of this page may be gone: load the page anew, once.
addEventListener("vite:preloadError", (event) => {
  try {
    if (sessionStorage.getItem(RELOADED)) return;
    sessionStorage.setItem(RELOADED, "1");
  } catch {
    return;
  }
  event.preventDefault();
  location.reload();
});

showTheme(storedTheme());
const target = document.getElementById("app");
if (target) mount(App, { target });
