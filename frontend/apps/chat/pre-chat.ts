import type { PreChat, PreChatField, Visitor } from "$lib/api/types";
import { isEmail } from "./contact";

/** What a ticked checkbox says. */
export const TICKED = "true";

/** The questions of the form that are still open for this visitor: nobody is asked twice for what was given. */
export interface Questions {
  name: boolean;
  email: boolean;
  fields: PreChatField[];
  /** Without answers to these there is no conversation. */
  required: boolean;
}

export function openQuestions(form: PreChat | null | undefined, visitor: Visitor | null): Questions | null {
  if (!form) return null;
  const given = visitor?.attributes ?? {};
  const name = form.ask_name !== "no" && !visitor?.name;
  const email = form.ask_email !== "no" && !visitor?.email;
  const fields = form.fields.filter((field) => !isAnswer(field, given[field.key]));
  if (!name && !email && fields.length === 0) return null;
  const required =
    (name && form.ask_name === "required") ||
    (email && form.ask_email === "required") ||
    fields.some((field) => field.required);
  return { name, email, fields, required };
}

/** Whether this answers the question. */
export function isAnswer(field: PreChatField, answer: string | undefined): boolean {
  const text = answer?.trim() ?? "";
  if (field.kind === "choice") return (field.choices ?? []).includes(text);
  return field.kind === "checkbox" ? text === TICKED : text !== "";
}

/** What the visitor has written into the form. */
export interface Answers {
  name: string;
  email: string;
  attributes: Record<string, string>;
}

/** What is wrong, by the name of the field in the interface: `missing`, or no e-mail address. */
export function wrongAnswers(
  form: PreChat,
  questions: Questions,
  answers: Answers,
): Record<string, "missing" | "email"> {
  const wrong: Record<string, "missing" | "email"> = {};
  if (questions.name && form.ask_name === "required" && !answers.name.trim()) wrong["name"] = "missing";
  const email = answers.email.trim();
  if (questions.email && email && !isEmail(email)) wrong["email"] = "email";
  if (questions.email && form.ask_email === "required" && !email) wrong["email"] = "missing";
  for (const field of questions.fields)
    if (field.required && !isAnswer(field, answers.attributes[field.key]))
      wrong[`attributes.${field.key}`] = "missing";
  return wrong;
}

/** What to tell the server: only what was said. */
export function told(answers: Answers): {
  name?: string;
  email?: string;
  attributes?: Record<string, string>;
} {
  const name = answers.name.trim();
  const email = answers.email.trim();
  const attributes = Object.fromEntries(
    Object.entries(answers.attributes)
      .map(([key, value]) => [key, value.trim()] as const)
      .filter(([, value]) => value !== ""),
  );
  return {
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
  };
}
