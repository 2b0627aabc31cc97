//! What a guide asks of a web hook, and what it takes from the answer.

use crate::attributes::{self, Attributes, VALUE_CHARS};
use serde_json::Value;

/// Longest answer that is read, in bytes.
pub const ANSWER_BYTES: usize = 16 * 1024;
/// How long a web hook may take to answer, in milliseconds.
pub const WITHIN_MS: u64 = 4_000;

/// A call that a step wants to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The step.
    pub step: String,
    /// The web hook's id.
    pub webhook: String,
    /// What is known at this moment, `name` and `email` among it.
    pub known: Attributes,
}

/// A call that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// The step.
    pub step: String,
    /// The attributes that it answered, or what went wrong.
    pub answer: Result<Attributes, String>,
}

/// What an answer says: `{"attributes": {…}}`, in which texts, numbers, `true` and `false` are values and `null` forgets; an
/// empty answer says nothing.
///
/// # Errors
/// In words for an admin, without anything of the answer.
pub fn read(body: &[u8]) -> Result<Attributes, String> {
    if body.len() > ANSWER_BYTES {
        return Err(format!("its answer is longer than {} KiB", ANSWER_BYTES / 1024));
    }
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Attributes::new());
    }
    let value: Value = serde_json::from_slice(body)
        .map_err(|_| "its answer is no JSON: answer 204, or an object".to_owned())?;
    let Value::Object(answer) = value else {
        return Err("its answer is JSON, but no object".into());
    };
    let Some(given) = answer.get("attributes") else { return Ok(Attributes::new()) };
    let Value::Object(given) = given else {
        return Err("\"attributes\" of its answer is no object".into());
    };
    let fitting = given.iter().filter(|(key, _)| attributes::key(key).is_ok());
    Ok(fitting.filter_map(|(key, value)| Some((key.clone(), text(value)?))).collect())
}

/// A value as text; lists and objects are none.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => String::new(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(value) => value.clone(),
        Value::Array(_) | Value::Object(_) => return None,
    };
    Some(text.chars().take(VALUE_CHARS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_answer_is_attributes_or_says_what_is_wrong() {
        let answer = read(
            br#"{"attributes": {"plan": "gold", "orders": 3, "vip": true, "old": null, "list": [1], "Bad Key": "x"},
                "more": {}}"#,
        )
        .unwrap();
        let got: Vec<(&str, &str)> =
            answer.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(got, [("old", ""), ("orders", "3"), ("plan", "gold"), ("vip", "true")]);
        assert_eq!(read(b" \n"), Ok(Attributes::new()));
        assert_eq!(read(b"{}"), Ok(Attributes::new()));
        for (bad, why) in [
            ("<html>secret", "no JSON"),
            ("[]", "no object"),
            (r#"{"attributes": 7}"#, "attributes"),
            (&" ".repeat(ANSWER_BYTES + 1), "longer"),
        ] {
            let said = read(bad.as_bytes()).unwrap_err();
            assert!(said.contains(why) && !said.contains("secret"), "{said}");
        }
    }

    proptest! {
        #[test]
        fn no_answer_breaks_it(body in "\\PC{0,80}", deep in 0..9_usize) {
            let body = format!("{}{body}", "{\"attributes\":".repeat(deep));
            if let Ok(answer) = read(body.as_bytes()) {
                let fits = |(key, value): (&String, &String)| {
                    attributes::key(key).is_ok() && value.chars().count() <= VALUE_CHARS
                };
                prop_assert!(answer.iter().all(fits));
            }
        }
    }
}
