//! The built-in automations. A new one is a file and a line in [`all`].

pub mod chat;
pub mod faq;
pub mod mat;

use std::sync::Arc;
use switchboard_sdk::{Articles, Automation as _, BoxedAutomation};

/// The names of all of them.
pub const NAMES: [&str; 3] = ["chat", "faq", "mat"];

/// What some of them need.
#[derive(Clone)]
pub struct Needs {
    /// Where articles come from.
    pub articles: Arc<dyn Articles>,
    /// The address by which visitors reach the installation, for links.
    pub base: String,
}

impl std::fmt::Debug for Needs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Needs").field("base", &self.base).finish_non_exhaustive()
    }
}

/// All of them, in the order of the directory.
#[must_use]
pub fn all(needs: &Needs) -> Vec<BoxedAutomation> {
    vec![
        BoxedAutomation::new(chat::Chat),
        BoxedAutomation::new(faq::Faq::new(Arc::clone(&needs.articles), &needs.base)),
        BoxedAutomation::new(mat::Mat),
    ]
}

/// The one with this name.
#[must_use]
pub fn by_name(name: &str, needs: &Needs) -> Option<BoxedAutomation> {
    all(needs).into_iter().find(|automation| automation.name() == name)
}
