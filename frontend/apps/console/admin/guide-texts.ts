import { browserLocale } from "$lib/i18n/format";
import { translator } from "$lib/i18n/translator";

/** Words of the guides. */
const en = {
  guides: "Guides",
  guidesText:
    "Flows of steps that greet, ask and hand over. A guide answers visitors once it is published and its automation is active.",
  guidesEmpty: "No guides yet",
  guidesEmptyText: "A new one begins as a greeter: it asks for name and e-mail address and hands over.",
  addGuide: "Add guide",
  name: "Name",
  nameHint: "1 to 26 characters of a-z, 0-9, - and _.",
  title: "Title",
  file: "Begin with an exported file",
  fileHint: "Left empty, it begins as a greeter.",
  state: "State",
  edit: "Edit",
  editGuide: "Edit {name}",
  draftOnly: "Not published",
  version: "Version {n}",
  active: "Active",
  inactive: "Inactive",
  back: "All guides",
  save: "Save draft",
  publish: "Publish",
  published: "Published as version {n}",
  saved: "Draft saved",
  rollBack: "Publish version {n} again",
  exportFile: "Export",
  problems: {
    one: "{n} problem to put right before it can be published",
    other: "{n} problems to put right before it can be published",
  },
  stepOf: "Step {n}",
  addStep: "Add step",
  kind: "New step",
  up: "Move step {n} up",
  down: "Move step {n} down",
  remove: "Delete step {n}",
  below: "The step below",
  tryTitle: "Dry run",
  tryText: "Nothing is stored. It plays the steps as they stand here.",
  say: "What the visitor says",
  send: "Send",
  again: "Start again",
  gap: "Not readable as JSON",
  handedOver: "Handed over to people: {reason}",
  resolved: "Conversation resolved",
  visitor: "Visitor",
  guide: "Guide",
};

/** Text of the guides. */
export const gt = translator(en, browserLocale());
