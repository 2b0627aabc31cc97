import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import GuideTry from "../../../apps/console/admin/guides/GuideTry.svelte";

/** Requests that the test answers when it wants to. */
function held() {
  const waiting: ((response: Response) => void)[] = [];
  const asked: string[] = [];
  const fetched = (_path: string, init: RequestInit): Promise<Response> => {
    asked.push((JSON.parse(init.body as string) as { text: string }).text);
    return new Promise((answer) => waiting.push(answer));
  };
  vi.stubGlobal("fetch", vi.fn(fetched));
  const answer = async (said: string): Promise<void> => {
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    const tried = { messages: [{ text: said, choices: [] }], learnt: {}, tags: [], then: "wait", state: "s" };
    waiting.shift()?.(
      new Response(JSON.stringify(tried), { headers: { "content-type": "application/json" } }),
    );
  };
  const fail = async (): Promise<void> => {
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    waiting.shift()?.(new Response("{}", { status: 503, headers: { "content-type": "application/json" } }));
  };
  return { asked, answer, fail };
}

const field = (): HTMLInputElement => screen.getByLabelText("Say as the visitor");

describe("the dry run of a guide", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("shows what is said at once, and keeps what is said before the answer until its turn", async () => {
    const user = userEvent.setup();
    const { asked, answer } = held();
    render(GuideTry, { steps: [], teams: [], automations: [], webhooks: [] });
    await user.type(field(), "hi{Enter}");
    await screen.findByText("hi");
    expect(asked).toEqual(["hi"]);
    expect(field()).toHaveValue("");
    await user.type(field(), "Ada{Enter}");
    await answer("What is your name?");
    await screen.findByText("What is your name?");
    await screen.findByText("Ada");
    await answer("Hello, Ada.");
    await screen.findByText("Hello, Ada.");
    expect(asked).toEqual(["hi", "Ada"]);
    expect(field()).toHaveValue("");
  });

  it("does not take away what is typed while an answer is on its way", async () => {
    const user = userEvent.setup();
    const { asked, answer } = held();
    render(GuideTry, { steps: [], teams: [], automations: [], webhooks: [] });
    await user.type(field(), "hi{Enter}");
    await user.type(field(), "ada@exam");
    await answer("Your address?");
    await screen.findByText("Your address?");
    expect(field()).toHaveValue("ada@exam");
    expect(asked).toEqual(["hi"]);
  });

  it("gives back what could not be said", async () => {
    const user = userEvent.setup();
    const { fail } = held();
    render(GuideTry, { steps: [], teams: [], automations: [], webhooks: [] });
    await user.type(field(), "hi{Enter}");
    await fail();
    await vi.waitFor(() => expect(field()).toHaveValue("hi"));
  });

  it("forgets an answer to a run that was started again", async () => {
    const user = userEvent.setup();
    const { answer } = held();
    render(GuideTry, { steps: [], teams: [], automations: [], webhooks: [] });
    await user.type(field(), "hi{Enter}");
    await user.click(screen.getByRole("button", { name: "Start again" }));
    await answer("Too late.");
    await user.type(field(), "hello{Enter}");
    await answer("Welcome.");
    await screen.findByText("Welcome.");
    expect(screen.queryByText("Too late.")).toBeNull();
  });
});
