//! Who wrote an entry. The name is kept with the entry, so that history reads the same for ever.

use serde::{Deserialize, Serialize};

/// The kind of an author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorKind {
    /// The end user.
    Visitor,
    /// A member of staff.
    Agent,
    /// A program.
    Automation,
    /// Switchboard itself.
    System,
}

impl AuthorKind {
    /// The name in the API and in the tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Agent => "agent",
            Self::Automation => "automation",
            Self::System => "system",
        }
    }
}

impl std::str::FromStr for AuthorKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let all = [Self::Visitor, Self::Agent, Self::Automation, Self::System];
        all.into_iter().find(|k| k.as_str() == text).ok_or(())
    }
}

/// An author: kind, id (a visitor's, an account's, or an automation's name) and the name at that time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Author {
    /// What it is.
    pub kind: AuthorKind,
    /// Its id; none for the system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name when it wrote.
    pub name: String,
}

impl Author {
    /// Switchboard itself.
    pub fn system() -> Self {
        Self { kind: AuthorKind::System, id: None, name: "Switchboard".into() }
    }

    /// A visitor.
    pub fn visitor(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { kind: AuthorKind::Visitor, id: Some(id.into()), name: name.into() }
    }

    /// An agent.
    pub fn agent(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { kind: AuthorKind::Agent, id: Some(id.into()), name: name.into() }
    }

    /// An automation.
    pub fn automation(name: impl Into<String>, title: impl Into<String>) -> Self {
        Self { kind: AuthorKind::Automation, id: Some(name.into()), name: title.into() }
    }

    /// Whom client message ids belong to: at most 27 ASCII characters, distinct for every author.
    pub fn sender(&self) -> String {
        let prefix = match self.kind {
            AuthorKind::Visitor => 'v',
            AuthorKind::Agent => 'a',
            AuthorKind::Automation => 'b',
            AuthorKind::System => 's',
        };
        format!("{prefix}{}", self.id.as_deref().unwrap_or_default())
    }
}
