//! Agents who are called in private notes: noted in the transaction that writes the note.

mod list;
mod read;

use std::collections::{HashMap, HashSet};
use switchboard_domain::clock::rfc3339;
use switchboard_domain::mention::mentions;
use switchboard_domain::message::ERASED;
use switchboard_domain::{
    Account, AccountId, AuthorKind, Conversation, ConversationId, Entry, EntryKind, Role, Text,
};
use switchboard_storage::mention::{self, Mention};
use switchboard_storage::{Error, Tx, account, team};
use switchboard_wire::notice::Mentioned;
use switchboard_wire::view;

/// Notes whom these entries call, and answers what is to be told. Who may not see the conversation is not called, nor
/// is who writes. Where no note calls anybody this costs nothing.
pub(crate) async fn note<'a>(
    tx: &mut Tx,
    entries: &[Entry],
    conversations: impl Iterator<Item = &'a Conversation>,
) -> Result<Vec<(ConversationId, Mentioned)>, Error> {
    let calls: Vec<(&Entry, Vec<String>)> = entries
        .iter()
        // What an automation notes may be a visitor's words, and visitors call nobody.
        .filter(|entry| entry.author.kind != AuthorKind::Automation)
        .filter(|entry| entry.kind == EntryKind::Note && entry.body.contains('@'))
        .map(|entry| (entry, mentions(&text(&entry.body))))
        .filter(|(_, names)| !names.is_empty())
        .collect();
    if calls.is_empty() {
        return Ok(Vec::new());
    }
    let names: HashSet<String> = calls.iter().flat_map(|(_, names)| names.iter().cloned()).collect();
    let names: Vec<String> = names.into_iter().collect();
    let agent = |account: &Account| account.active && account.role == Role::Agent;
    let known: HashMap<String, AccountId> = account::by_usernames(tx, &names)
        .await?
        .into_iter()
        .filter(agent)
        .map(|account| (account.username, account.id))
        .collect();
    let ids: Vec<AccountId> = known.values().cloned().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let teams = team::of_accounts(tx, &ids).await?;
    let conversations: HashMap<&ConversationId, &Conversation> =
        conversations.map(|conversation| (&conversation.id, conversation)).collect();
    let (mut made, mut told) = (Vec::new(), Vec::new());
    for (entry, names) in &calls {
        let Some(conversation) = conversations.get(&entry.conversation) else { continue };
        for id in names.iter().filter_map(|name| known.get(name)) {
            let own = entry.author.id.as_deref() == Some(id.as_str());
            let sees = conversation.is_visible_to(id, teams.get(id).map_or(&[], Vec::as_slice));
            if own || !sees {
                continue;
            }
            let one = Mention {
                account: id.clone(),
                entry: entry.id.clone(),
                conversation: entry.conversation.clone(),
                seq: entry.seq,
                at: entry.at,
                by_name: entry.author.name.clone(),
                read_at: None,
            };
            let mention = show(&one, Some(&entry.body), conversation);
            told.push((entry.conversation.clone(), Mentioned { agent: id.to_string(), mention }));
            made.push(one);
        }
    }
    mention::insert(tx, &made).await?;
    Ok(told)
}

/// What a note says.
fn text(body: &str) -> String {
    let body: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    body.get("text").and_then(|text| text.as_str()).unwrap_or_default().to_owned()
}

fn show(mention: &Mention, body: Option<&str>, conversation: &Conversation) -> view::Mention {
    let said = body.map(text).and_then(|text| Text::try_from(text).ok());
    let name = &conversation.visitor_name;
    view::Mention {
        id: mention.entry.to_string(),
        conversation: mention.conversation.to_string(),
        seq: mention.seq,
        visitor: (!name.is_empty()).then(|| name.clone()),
        by: mention.by_name.clone(),
        preview: said.map_or_else(|| ERASED.to_owned(), |text| text.preview()),
        at: rfc3339(mention.at),
        read: mention.read_at.is_some(),
    }
}
