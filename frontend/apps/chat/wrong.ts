import { tick } from "svelte";

/** Puts the focus on the first answer that is wrong, once it is marked; whether there is one. */
export async function toFirstWrong(form: HTMLElement | undefined): Promise<boolean> {
  await tick();
  const field = form?.querySelector<HTMLElement>("[aria-invalid]");
  field?.focus();
  return field != null;
}
