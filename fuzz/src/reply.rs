//! A dbmgr that lets everybody in and knows one conversation. Whatever the edge asks it must be able to travel: what
//! is written is read again and must be the same.

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use std::cell::Cell;
use switchboard_web::{Ask, Link};
use switchboard_wire::{Call, Credential, Failure};

const ACCOUNT: &str = include_str!("../../crates/wire/golden/view.account.json");
const CONVERSATION: &str = include_str!("../../crates/wire/golden/view.conversation.json");
const STATE: &str = include_str!("../../crates/wire/golden/evt.state.json");
const AT: &str = "2026-11-23T09:04:00.000Z";

thread_local! {
    static ROLE: Cell<&'static str> = const { Cell::new("agent") };
}

/// Does something while whoever asks is let in with this role.
pub(crate) fn as_role<T>(role: &'static str, act: impl FnOnce() -> T) -> T {
    let before = ROLE.replace(role);
    let done = act();
    ROLE.set(before);
    done
}

/// Answers from memory.
pub(crate) struct Canned;

impl<C: Call> Ask<C> for Canned {
    fn ask(&self, by: Credential, call: C) -> BoxFuture<'_, Result<C::Reply, Failure>> {
        let sent = travels(&call);
        let _ = travels(&by);
        let said = answer(C::NAME, &sent);
        Box::pin(async move {
            let Some(said) = said else { return Err(Failure::not_found("thing")) };
            // Through text, as what is kept raw can only be read from text.
            match serde_json::from_str(&said.to_string()) {
                Ok(reply) => Ok(reply),
                Err(error) => unreadable(C::NAME, &error),
            }
        })
    }
}

impl Link for Canned {}

#[expect(clippy::panic, reason = "the stage must be set right")]
fn unreadable<T>(name: &str, error: &serde_json::Error) -> T {
    panic!("the canned answer to {name} cannot be read: {error}");
}

/// What is written as JSON, read and written again must be the same; answers it.
pub(crate) fn travels<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> Value {
    let written = serde_json::to_string(value);
    let read = written.as_ref().ok().and_then(|text| serde_json::from_str::<T>(text).ok());
    assert!(read.is_some(), "what was accepted cannot be read again: {written:?}");
    let again = read.and_then(|read| serde_json::to_string(&read).ok());
    assert_eq!(
        written.as_ref().ok(),
        again.as_ref(),
        "what was accepted is another thing when it is read again"
    );
    written.ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

fn known(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

fn many(sent: &Value, list: &str, one: &Value) -> Value {
    let count = sent[list].as_array().map_or(0, Vec::len);
    Value::from(vec![one.clone(); count])
}

fn answer(name: &str, sent: &Value) -> Option<Value> {
    let account = || {
        let mut account = known(ACCOUNT);
        account["role"] = ROLE.get().into();
        json!({ "account": account })
    };
    let visitor = || json!({ "id": "v1", "name": "Ada", "verified": false });
    let state = || known(STATE)["state"].take();
    let page = || json!({ "items": [], "next": "1795402981.01M835" });
    let greeting = |me: Value| json!({ "epoch": "e", "me": me, "conversations": [state()] });
    Some(match name {
        "qry.session" | "cmd.sign_in" | "cmd.patch_account" => account(),
        "cmd.sign_out"
        | "cmd.change_password"
        | "cmd.revoke_session"
        | "cmd.rate"
        | "cmd.mark_read"
        | "cmd.touch_sessions" => Value::Null,
        "cmd.put_presence" | "qry.presence" => json!({ "status": "away" }),
        "cmd.arrive_visitor" => json!({ "visitor": visitor(), "new": true }),
        "cmd.start_conversation" => json!({ "conversation": known(CONVERSATION), "repeated": false }),
        "cmd.claim" | "cmd.transfer" | "cmd.resolve" | "cmd.reopen" | "cmd.snooze" | "cmd.handoff"
        | "qry.conversation" => known(CONVERSATION),
        "qry.accounts"
        | "qry.audit"
        | "qry.sessions"
        | "qry.teams"
        | "qry.conversations"
        | "qry.entries"
        | "qry.own_conversations" => page(),
        "cmd.append" => {
            let at = json!({ "seq": 9, "id": "e9", "at": AT, "repeated": false, "entry": {} });
            many(sent, "items", &json!({ "Ok": at }))
        }
        "qry.greet" => greeting(json!({ "agent": known(ACCOUNT) })),
        "qry.greet_many" => {
            let welcomed = json!({ "greeting": greeting(json!({ "visitor": visitor() })), "missed": [] });
            many(sent, "visitors", &json!({ "Ok": welcomed }))
        }
        "qry.leases" => {
            let good = json!({ "good": { "account": "a1", "role": "agent", "teams": ["t1"] } });
            many(sent, "sessions", &good)
        }
        "qry.follow" => json!({ "state": state(), "reset": null, "lines": [], "more": false }),
        "qry.lines" => json!({ "lines": [], "more": false }),
        "qry.states" => json!([state()]),
        "qry.summaries" => json!([]),
        "qry.ping" => json!({ "epoch": "e", "durable": true }),
        _ => return None,
    })
}
