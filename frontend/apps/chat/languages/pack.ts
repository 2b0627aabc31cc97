import type { en as files } from "$lib/files/texts";
import type { en as kit } from "$lib/i18n/kit";
import type { Translation } from "$lib/i18n/translator";
import type { en as conversation } from "../conversation-texts";
import type { en as help } from "../help-texts";
import type { en as mail } from "../mail-texts";
import type { en as first } from "../texts";
import type { en as transcript } from "../transcript-texts";
import type { en as trouble } from "../trouble-texts";

/** Everything that the chat says, in another language. What is missing does not compile. */
export type Pack = {
  readonly first: Translation<typeof first>;
  readonly conversation: Translation<typeof conversation>;
  readonly mail: Translation<typeof mail>;
  readonly transcript: Translation<typeof transcript>;
  readonly trouble: Translation<typeof trouble>;
  readonly help: Translation<typeof help>;
  readonly files: Translation<typeof files>;
  readonly kit: Translation<typeof kit>;
};
