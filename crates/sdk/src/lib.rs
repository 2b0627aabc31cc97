//! For whoever writes an automation: one function from a turn to a reply, and what runs it.
//!
//! ```
//! use switchboard_sdk::{Automation, Rehearsal, TurnError, TurnReply, TurnRequest, Working, say};
//!
//! struct Parrot;
//!
//! impl Automation for Parrot {
//!     fn name(&self) -> &str {
//!         "parrot"
//!     }
//!     fn title(&self) -> &str {
//!         "Parrot"
//!     }
//!     fn description(&self) -> &str {
//!         "Repeats what you say."
//!     }
//!     async fn turn(&self, turn: TurnRequest, _working: &Working) -> Result<TurnReply, TurnError> {
//!         Ok(say(turn.messages.into_iter().map(|message| message.text)))
//!     }
//! }
//!
//! # async fn example() {
//! let reply = Rehearsal::new(Parrot).say(&["hello"]).await.unwrap();
//! assert_eq!(reply.messages[0].text, "hello");
//! # }
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(example());
//! ```
//!
//! To run it, give it a bus: [`start`] and then [`Running::drain`], or [`run`], which does both; or [`serve`],
//! which is a whole program.

mod articles;
mod attempt;
mod automation;
mod error;
mod rehearsal;
mod reply;
mod runner;
mod serve;
mod working;

pub use articles::{Articles, ArticlesOnBus};
pub use automation::{Automation, BoxedAutomation};
pub use error::TurnError;
pub use rehearsal::Rehearsal;
pub use reply::{clip, say};
pub use runner::{RunOptions, Running, run, start};
pub use serve::serve;
pub use switchboard_wire::turn::{
    Handoff, ReplyChoice, ReplyMessage, Then, TurnMessage, TurnReply, TurnRequest, TurnVisitor,
};
pub use working::Working;
