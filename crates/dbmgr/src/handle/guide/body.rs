//! What a guide's step sends to a web hook.

use serde_json::json;
use switchboard_domain::Millis;
use switchboard_domain::clock::rfc3339;
use switchboard_domain::guide::call::Call;

/// Whose step it is, and about whom.
pub(super) struct About<'a> {
    pub(super) guide: &'a str,
    pub(super) conversation: &'a str,
    pub(super) visitor: &'a str,
    pub(super) locale: &'a Option<String>,
    pub(super) page: &'a Option<String>,
}

/// The body, of the same shape as everything that web hooks are told.
pub(super) fn of(call: &Call, about: &About<'_>, at: Millis) -> String {
    let mut attributes = call.known.clone();
    let (name, email) = (attributes.remove("name"), attributes.remove("email"));
    let visitor = json!({
        "id": about.visitor, "name": name, "email": email, "locale": about.locale, "page": about.page,
        "attributes": attributes,
    });
    let data = json!({
        "guide": about.guide, "step": call.step, "conversation": about.conversation, "visitor": visitor,
    });
    json!({ "type": "guide.call", "timestamp": rfc3339(at), "data": data }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_sent_with_whose_it_is() {
        let known = [("name", "Ada"), ("order", "17")].map(|(key, value)| (key.to_owned(), value.to_owned()));
        let call = Call { step: "look".into(), webhook: "w".into(), known: known.into() };
        let about = About { guide: "hello", conversation: "c1", visitor: "v1", locale: &None, page: &None };
        let body: serde_json::Value = serde_json::from_str(&of(&call, &about, 1_000)).unwrap();
        assert_eq!(
            (&body["type"], &body["timestamp"]),
            (&json!("guide.call"), &json!("1970-01-01T00:00:01.000Z"))
        );
        assert_eq!(body["data"]["visitor"]["name"], "Ada");
        assert_eq!(body["data"]["visitor"]["attributes"], json!({ "order": "17" }));
        assert_eq!((&body["data"]["guide"], &body["data"]["step"]), (&json!("hello"), &json!("look")));
    }
}
