import { asApiError } from "$lib/api/problem";

/** Why something was refused, for the page around the frame: `identity: the token is over`. */
export function reasons(cause: unknown): string {
  const { fields, message } = asApiError(cause);
  return (
    Object.entries(fields)
      .map(([field, reason]) => `${field}: ${reason}`)
      .join("; ") || message
  );
}
