const ID_BYTES = 16;

/**
 * A new `client_msg_id`: 128 random bits in 22 characters of `[A-Za-z0-9_-]`. Uses `getRandomValues`, which
 * unlike `randomUUID` exists on plain HTTP too.
 */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
