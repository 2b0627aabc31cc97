//! Chat: the words of a sentence in the opposite order.

use switchboard_sdk::{Automation, TurnError, TurnReply, TurnRequest, Working, clip, say};

/// Answers each message with [`reversed`].
#[derive(Debug, Clone, Copy)]
pub struct Chat;

impl Automation for Chat {
    fn name(&self) -> &str {
        "chat"
    }

    fn title(&self) -> &str {
        "Chat"
    }

    fn description(&self) -> &str {
        "Says the words of your sentence in the opposite order."
    }

    async fn turn(&self, turn: TurnRequest, _working: &Working) -> Result<TurnReply, TurnError> {
        Ok(say(turn.messages.iter().map(|message| clip(reversed(&message.text)))))
    }
}

/// Reverses the order of the words of each line. A word is what white space separates, punctuation included;
/// between two words stands one space, at the ends of a line none. Never longer than `text`.
#[must_use]
pub fn reversed(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            said.push('\n');
        }
        for (place, word) in line.split_whitespace().rev().enumerate() {
            if place > 0 {
                said.push(' ');
            }
            said.push_str(word);
        }
    }
    said
}
