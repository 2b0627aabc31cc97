import { mount } from "svelte";
import { showTheme, storedTheme } from "$lib/styles/theme";
import "$lib/styles/tokens.css";
import "$lib/styles/base.css";
import "./chat.css";
import App from "./App.svelte";
import { mayReload, navigation } from "./reload";

// After an upgrade of the server a part of this page may be gone.
addEventListener("vite:preloadError", () => {
  if (mayReload(navigation(), navigator.onLine)) location.reload();
});

showTheme(storedTheme());
const target = document.getElementById("app");
if (target) mount(App, { target });
