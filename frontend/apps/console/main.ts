import "$lib/styles/tokens.css";
import "$lib/styles/inter.css";
import "$lib/styles/base.css";
import { mount } from "svelte";
import { showTheme, storedTheme } from "$lib/styles/theme";
import App from "./App.svelte";

showTheme(storedTheme());

const target = document.getElementById("app");
if (target) mount(App, { target });
