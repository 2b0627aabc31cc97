/** What visitors and staff do, by the names that they see. */
import assert from "node:assert/strict";

/** The texts of the messages in a log, oldest first. */
export async function messages(page) {
  return page.getByRole("log").locator("[dir=auto]").allTextContents();
}

export async function says(page, text) {
  const field = page.getByRole("textbox", { name: /^(Message to|Reply to)/ });
  await field.fill(text);
  await field.press("Enter");
}

/** Waits until the log shows a message with this text exactly once. */
export async function sees(page, text) {
  const bubble = page
    .getByRole("log")
    .locator("[dir=auto]")
    .and(page.getByText(text, { exact: true }));
  await bubble.first().waitFor();
  assert.equal(await bubble.count(), 1, `"${text}" is shown once`);
}

/** Opens the visitor's page and starts with what the button is called. */
export async function starts(page, url, button) {
  await page.goto(url);
  await page.getByRole("button", { name: button }).click();
  await page.getByRole("log").waitFor();
}

export async function signsIn(page, url, { name, password }) {
  await page.goto(`${url}/console`);
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** An agent signs in and goes online. */
export async function comesToWork(page, url, agent) {
  await signsIn(page, url, agent);
  await page.getByRole("button", { name: "Go online" }).click();
  await page.getByText("Your presence: Online").waitFor({ state: "attached" });
}

/** The agent opens the first conversation of the list. */
export async function opensFirst(page) {
  await page.locator("[data-conversation]").first().click();
  await page.getByRole("log").waitFor();
}

/** An admin makes visitors answer three questions before they talk to people. */
export async function asksBefore(page) {
  await page.getByRole("link", { name: "Settings" }).click();
  const email = page.getByRole("radiogroup", { name: "E-mail address" });
  await email.getByRole("radio", { name: "Required" }).check({ force: true });
  await page.getByRole("textbox", { name: "Introduction" }).fill("Tell us who you are.");
  await page.getByRole("button", { name: "Add question" }).click();
  const first = page.getByRole("group", { name: "Question 1" });
  await first.getByRole("textbox", { name: "What visitors read" }).fill("Your plan");
  await first.getByRole("combobox", { name: "Answer" }).selectOption("One of several");
  await first.getByRole("textbox", { name: "Choices" }).fill("Free\nPaid");
  await first.getByRole("checkbox", { name: "Must be answered" }).check();
  await page.getByRole("button", { name: "Add question" }).click();
  const second = page.getByRole("group", { name: "Question 2" });
  await second.getByRole("textbox", { name: "What visitors read" }).fill("I agree to the terms");
  await second.getByRole("combobox", { name: "Answer" }).selectOption("A tick");
  await second.getByRole("checkbox", { name: "Must be ticked" }).check();
  await page.getByRole("button", { name: "Save settings" }).click();
  await page.getByText("Saved.", { exact: true }).waitFor();
}

/** A visitor answers them. */
export async function answers(page) {
  await page.getByRole("textbox", { name: /^E-mail/ }).fill("ada@example.org");
  await page.getByRole("combobox", { name: /^Your plan/ }).selectOption("Paid");
  await page.getByRole("checkbox", { name: /^I agree to the terms/ }).check();
  await page.getByRole("button", { name: "Start conversation" }).click();
  await page.getByRole("log").waitFor();
}

/** An admin looks for a visitor. */
export async function finds(page, q) {
  await page.getByRole("link", { name: "Visitors" }).click();
  await page.getByRole("searchbox").fill(q);
  await page.getByRole("button", { name: "Find" }).click();
  await page.getByRole("table").waitFor();
}

/** Pastes a picture, drawn on the spot, into the field that one writes in. */
export async function pastes(page, name) {
  await page.getByRole("textbox", { name: /^(Message to|Reply to|Note)/ }).focus();
  await page.evaluate(async (called) => {
    const canvas = new OffscreenCanvas(640, 400);
    const pen = canvas.getContext("2d");
    const sky = pen.createLinearGradient(0, 0, 0, 400);
    for (const [at, colour] of [
      [0, "#25406b"],
      [0.6, "#e9a178"],
      [1, "#2c3b33"],
    ])
      sky.addColorStop(at, colour);
    pen.fillStyle = sky;
    pen.fillRect(0, 0, 640, 400);
    pen.fillStyle = "#ffe9b0";
    pen.arc(420, 190, 42, 0, 7);
    pen.fill();
    const data = new DataTransfer();
    data.items.add(new File([await canvas.convertToBlob()], called, { type: "image/png" }));
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(event);
  }, name);
  await readyToSend(page, name);
}

/** Chooses a file as the button does. */
export async function attaches(page, name, text, mimeType = "application/pdf") {
  await page.locator("input[type=file]").setInputFiles({ name, mimeType, buffer: Buffer.from(text) });
  await readyToSend(page, name);
}

async function readyToSend(page, name) {
  const row = page
    .getByRole("list", { name: "Files to send" })
    .getByRole("listitem")
    .filter({ hasText: name });
  await row.getByText(/\d (bytes|KB|MB)$/).waitFor();
}

/** Waits until a picture is drawn in the log. */
export async function seesPicture(page, name) {
  const picture = page.getByRole("log").getByRole("button", { name: `Show ${name} larger` });
  await picture.locator("img").waitFor();
  const drawn = await picture.locator("img").evaluate(async (image) => {
    await image.decode();
    return image.naturalWidth;
  });
  assert.equal(drawn, 640);
  return picture;
}
