//! How much automations have said since the visitor last wrote, over all that the conversation was passed on to.

use switchboard_domain::limits::AUTOMATION_STREAK;
use switchboard_domain::{AuthorKind, Conversation, Entry, EntryKind};
use switchboard_storage::entry::{self, Reader};
use switchboard_storage::{Error, Tx};

/// Their messages, and how often they passed it on; nothing while none of them has. It costs a look only where the log
/// goes on behind the visitor's newest message, which is seldom so when a turn is answered.
pub(super) async fn since_visitor(tx: &mut Tx, c: &Conversation) -> Result<usize, Error> {
    if c.head <= c.last_inbound {
        return Ok(0);
    }
    // One more than there may be: that is too much already.
    let limit = i64::try_from(AUTOMATION_STREAK + 1).unwrap_or(i64::MAX);
    let since = entry::after(tx, &c.id, c.last_inbound, Reader::Visitor, limit).await?;
    Ok(of(&since))
}

fn of(since: &[Entry]) -> usize {
    let theirs = || since.iter().filter(|entry| entry.author.kind == AuthorKind::Automation);
    if theirs().any(|entry| entry.kind == EntryKind::Event) { theirs().count() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_domain::Author;

    #[test]
    fn what_was_passed_on_counts_with_what_was_said() {
        let entry = |kind, author| Entry {
            conversation: "c".parse().unwrap(),
            seq: 1,
            id: "e".parse().unwrap(),
            at: 0,
            kind,
            public: true,
            public_before: 0,
            author,
            body: String::new(),
            client: None,
        };
        let bot = || Author::automation("mat", "Mat".to_owned());
        let said = || entry(EntryKind::Message, bot());
        assert_eq!(of(&[]), 0);
        assert_eq!(of(&[said(), said()]), 0, "its own answers to an earlier message");
        assert_eq!(of(&[said(), entry(EntryKind::Event, bot()), said()]), 3);
        assert_eq!(of(&[said(), entry(EntryKind::Event, Author::system())]), 0);
    }
}
