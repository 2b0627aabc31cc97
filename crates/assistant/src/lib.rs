//! The assistant: an automation that answers visitors from the help articles with a language model behind any endpoint
//! that speaks OpenAI's chat protocol, and that drafts and summarises for agents.
//!
//! - What the model is told to be is ours and the articles' ([`prompt`]); what customers write is only ever a message.
//! - It must say first how sure it is and which articles it answers from ([`answer`]); who is not sure enough, or answers
//!   from nothing, hands over, and nothing of that is shown.
//! - Whatever goes wrong, slowness and nonsense included, hands over within [`limits::WHOLE`].

pub mod answer;
mod automation;
mod budget;
mod chunk;
mod desk;
pub mod limits;
mod model;
pub mod prompt;
mod settings;
mod spent;
pub mod sse;
mod summary;
mod talk;
mod trouble;
mod words;

pub use automation::{Assistant, NAME};
pub use desk::{Helping, help};
pub use settings::{Key, Settings};
pub use spent::Spent;
pub use trouble::Trouble;
