import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import App from "../../../apps/console/App.svelte";
import { session } from "../../../apps/console/shared/session.svelte";

/** Milliseconds: the first use of a role's screens loads and compiles all of them. */
const FIRST_LOAD_MS = 30_000;

/** What the server would answer, by method and path. */
type Answers = Record<string, [status: number, body?: unknown, headers?: Record<string, string>]>;

const calls: { name: string; body: unknown }[] = [];
let answers: Answers = {};

const account = {
  id: "a",
  username: "ines",
  display_name: "Ines",
  role: "admin",
  active: true,
  must_change_password: true,
  created_at: "2026-11-01T09:00:00Z",
};

async function signIn(): Promise<void> {
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText("User name"), "Ines");
  await user.type(screen.getByLabelText("Password"), "correct horse battery");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
}

describe("signing in", () => {
  beforeEach(() => {
    calls.length = 0;
    answers = { "GET /session": [401, { type: "/problems/unauthenticated", title: "x", status: 401 }] };
    vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
      const name = `${init.method} ${path.replace("/api/v1", "")}`;
      calls.push({ name, body: init.body ? JSON.parse(String(init.body)) : undefined });
      const [status, body, headers] = answers[name] ?? [404, {}];
      const text = body === undefined ? null : JSON.stringify(body);
      return Promise.resolve(new Response(text, { status, headers: headers ?? {} }));
    });
    session.toSignIn();
  });
  afterEach(() => vi.unstubAllGlobals());

  it("says the same for every wrong name and password", async () => {
    answers["POST /session"] = [401, { type: "/problems/unauthenticated", title: "x", status: 401 }];
    render(App);
    await signIn();
    expect(await screen.findByRole("alert")).toHaveTextContent(/wrong, or the account is not active/);
    expect(calls.at(-1)?.body).toEqual({ username: "ines", password: "correct horse battery" });
  });

  it("says how long to wait after too many attempts", async () => {
    answers["POST /session"] = [
      429,
      { type: "/problems/x", title: "x", status: 429 },
      { "retry-after": "12" },
    ];
    render(App);
    await signIn();
    expect(await screen.findByRole("alert")).toHaveTextContent("Try again in 12 seconds.");
  });

  it(
    "demands a new password first, and checks it before asking the server",
    async () => {
      answers["POST /session"] = [200, { account }];
      answers["PUT /account/password"] = [
        422,
        {
          type: "/problems/invalid",
          title: "x",
          status: 422,
          errors: { current: "This is not the current password." },
        },
      ];
      render(App);
      await signIn();
      const user = userEvent.setup();
      await screen.findByRole("heading", { name: "Choose your own password" });
      await user.type(screen.getByLabelText("One-time password"), "one-time");
      await user.type(screen.getByLabelText("New password"), "too short");
      await user.type(screen.getByLabelText("New password again"), "other");
      await user.click(screen.getByRole("button", { name: "Change password" }));
      expect(screen.getByText("6 more characters")).toBeVisible();
      expect(screen.getByText("The two do not match.")).toBeVisible();
      expect(calls.some((call) => call.name.startsWith("PUT"))).toBe(false);

      for (const label of ["New password", "New password again"]) {
        await user.clear(screen.getByLabelText(label));
        await user.type(screen.getByLabelText(label), "a long enough password");
      }
      await user.click(screen.getByRole("button", { name: "Change password" }));
      expect(await screen.findByText("This is not the current password.")).toBeVisible();

      answers["PUT /account/password"] = [204];
      answers["GET /agents?limit=100"] = [200, { items: [], next: null }];
      answers["GET /teams?limit=200"] = [200, { items: [], next: null }];
      await user.click(screen.getByRole("button", { name: "Change password" }));
      await waitFor(() => expect(screen.getByRole("heading", { name: "Agents" })).toBeVisible(), {
        timeout: FIRST_LOAD_MS,
      });
      expect(await screen.findByText("No agents yet")).toBeVisible();
    },
    FIRST_LOAD_MS,
  );

  it("says plainly when an account may no longer be here", async () => {
    render(App);
    await screen.findByLabelText("User name");
    session.revoked();
    expect(await screen.findByRole("alert")).toHaveTextContent("You have been signed out");
  });
});
