//! The built-in automations. A new one is a file and a line in [`all`].

pub mod chat;
pub mod mat;

use switchboard_sdk::{Automation as _, BoxedAutomation};

/// All of them, in the order of the directory.
#[must_use]
pub fn all() -> Vec<BoxedAutomation> {
    vec![BoxedAutomation::new(chat::Chat), BoxedAutomation::new(mat::Mat)]
}

/// The one with this name.
#[must_use]
pub fn by_name(name: &str) -> Option<BoxedAutomation> {
    all().into_iter().find(|automation| automation.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_find_their_automation() {
        let names: Vec<_> = all().iter().map(|automation| automation.name().to_owned()).collect();
        assert_eq!(names, ["chat", "mat"]);
        for name in &names {
            assert_eq!(by_name(name).unwrap().name(), name);
        }
        assert!(by_name("nobody").is_none());
    }
}
