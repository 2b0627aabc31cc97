/** What is asked before a conversation, and what of it is still open. */
import { expect, it } from "vitest";
import type { PreChat } from "$lib/api/types";
import { openQuestions, told, wrongAnswers } from "../../../apps/chat/pre-chat";

const form: PreChat = {
  ask_name: "optional",
  ask_email: "required",
  fields: [
    { key: "plan", label: "Plan", kind: "choice", required: true, choices: ["free", "paid"] },
    { key: "terms", label: "Terms", kind: "checkbox", required: true },
    { key: "city", label: "City", kind: "text" },
  ],
};

it("asks nothing where there is no form, and nothing twice", () => {
  expect(openQuestions(null, null)).toBeNull();
  expect(openQuestions({ ask_name: "no", ask_email: "no", fields: [] }, null)).toBeNull();
  const all = openQuestions(form, null);
  expect(all).toMatchObject({ name: true, email: true, required: true });
  expect(all?.fields.map(({ key }) => key)).toEqual(["plan", "terms", "city"]);
  const given = { plan: "gold", terms: "true", city: "Köln" };
  const left = openQuestions(form, { id: "v", email: "a@b.org", attributes: given });
  expect(left).toMatchObject({ name: true, email: false, required: true });
  expect(left?.fields.map(({ key }) => key)).toEqual(["plan"]);
  const told = { id: "v", name: "Ada", email: "a@b.org", attributes: { ...given, plan: "paid" } };
  expect(openQuestions(form, told)).toBeNull();
  const optional = openQuestions(form, { ...told, name: null });
  expect(optional?.required).toBe(false);
});

it("says what is wrong, field by field", () => {
  const questions = openQuestions(form, null);
  if (!questions) throw new Error("nothing is asked");
  const none = { name: " ", email: "", attributes: { plan: "", terms: "" } };
  expect(wrongAnswers(form, questions, none)).toEqual({
    email: "missing",
    "attributes.plan": "missing",
    "attributes.terms": "missing",
  });
  const odd = { name: "", email: "nowhere", attributes: { plan: "paid", terms: "true" } };
  expect(wrongAnswers(form, questions, odd)).toEqual({ email: "email" });
  expect(wrongAnswers(form, questions, { ...odd, email: "a@b.org" })).toEqual({});
});

it("tells only what was said", () => {
  expect(told({ name: " ", email: "", attributes: { plan: "", city: " " } })).toEqual({});
  expect(told({ name: " Ada ", email: "a@b.org ", attributes: { plan: "paid", city: "" } })).toEqual({
    name: "Ada",
    email: "a@b.org",
    attributes: { plan: "paid" },
  });
});
