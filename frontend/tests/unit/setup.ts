import "@testing-library/jest-dom/vitest";
import { configure } from "@testing-library/dom";

/** Milliseconds to wait for what comes by itself: test machines are busy. */
configure({ asyncUtilTimeout: 5_000 });
