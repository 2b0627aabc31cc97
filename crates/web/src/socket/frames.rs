//! What a client says after hello.

use super::bye::{Bye, encode};
use super::channel::Frame;
use super::outbox::Weight;
use super::previews;
use super::reader::{Hint, Reader, Wanted, Who};
use super::seen;
use crate::edge::Shared;
use crate::follow::replay::want;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use switchboard_domain::ConversationId;
use switchboard_domain::limits::PREVIEWED_CHARS;
use switchboard_wire::call::append::{Append, AppendKind, Appended};
use switchboard_wire::notice::{Looking, Notice, Typing};
use switchboard_wire::view::{FromClient, FromServer, Nack};
use switchboard_wire::{Failure, Problem};
use tokio::time::Instant;

/// Handles a frame. `admitted` says whether this socket may send one now.
pub(super) fn handle(edge: &Shared, reader: &Arc<Reader>, text: &str, admitted: Result<(), Duration>) {
    let Ok(frame) = serde_json::from_str::<FromClient>(text) else {
        return reader.outbox.end(Bye::BAD_FRAME);
    };
    if let Err(wait) = admitted {
        let id = match &frame {
            FromClient::Send { client_msg_id, .. } | FromClient::Note { client_msg_id, .. } => {
                Some(client_msg_id.clone())
            }
            _ => None,
        };
        let ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        let failure = Failure::rate_limited("too many frames; wait a moment", ms);
        return reader.push(Weight::Must, &nack(id, &failure));
    }
    match frame {
        FromClient::Send { conversation, client_msg_id, body } => {
            write(edge, reader, AppendKind::Message, conversation, client_msg_id, body);
        }
        FromClient::Note { conversation, client_msg_id, body } => match reader.who {
            Who::Agent(_) => write(edge, reader, AppendKind::Note, conversation, client_msg_id, body),
            Who::Visitor { .. } => {
                let failure = Failure::new(Problem::Forbidden, "notes are written by agents");
                reader.push(Weight::Must, &nack(Some(client_msg_id), &failure));
            }
        },
        FromClient::Resume(place) => want(edge, reader, Wanted::Resume(place)),
        FromClient::Leave { conversation } => {
            if let Ok(id) = conversation.parse() {
                edge.hub.part(reader, &id);
            }
        }
        FromClient::Typing { conversation, text } => typing(edge, reader, &conversation, text),
        FromClient::Looking { conversation } => looking(edge, reader, &conversation),
        FromClient::Read { conversation, seq } => {
            if let Ok(id) = conversation.parse()
                && reader.follows(&id)
            {
                seen::saw(edge, reader, id, seq);
            }
        }
        // A second hello changes nothing; what is not known is ignored.
        FromClient::Hello { .. } | FromClient::Unknown => {}
    }
}

fn write(
    edge: &Shared,
    reader: &Arc<Reader>,
    kind: AppendKind,
    conversation: String,
    id: String,
    body: Value,
) {
    let refuse = |failure: &Failure| reader.push(Weight::Must, &nack(Some(id.clone()), failure));
    // A refusal of what came before may still be kept back from it; were this one stored and the socket then lost,
    // the other would come behind it.
    if !reader.is_vouched_for(Instant::now()) {
        return refuse(&Failure::unavailable("nobody can say whether you are still signed in; try again"));
    }
    let by = reader.credential();
    if let Err(failure) = edge.admit_message(&by) {
        return refuse(&failure);
    }
    if conversation.parse::<ConversationId>().is_err() {
        return refuse(&Failure::not_found("conversation"));
    }
    let Some((text, files)) = said(body) else {
        return refuse(&Failure::invalid(
            "body",
            "send {\"text\": \"…\"}, with or instead of it {\"files\": [ID, …]}",
        ));
    };
    let append = Append {
        by,
        conversation: conversation.clone(),
        kind,
        client_msg_id: id.clone(),
        text,
        files,
        want_entry: false,
    };
    let reader = Arc::clone(reader);
    let began = Instant::now();
    let told = move |result: Result<Appended, Failure>| {
        metrics::histogram!("switchboard_send_seconds").record(began.elapsed().as_secs_f64());
        let answer = match result {
            Ok(Appended { seq, id: entry, at, .. }) => {
                encode(&FromServer::Ack { client_msg_id: id, conversation, seq, id: entry, at })
            }
            Err(failure) => nack(Some(id), &failure),
        };
        reader.push(Weight::Must, &answer);
    };
    edge.appends.submit(append, Box::new(told));
}

/// The words and files of a body; words may be missing where there are files.
fn said(body: Value) -> Option<(String, Vec<String>)> {
    let Value::Object(mut fields) = body else { return None };
    let files: Vec<String> = match fields.remove("files") {
        None | Some(Value::Null) => vec![],
        Some(files) => serde_json::from_value(files).ok()?,
    };
    match fields.remove("text") {
        Some(Value::String(text)) => Some((text, files)),
        None | Some(Value::Null) if !files.is_empty() => Some((String::new(), files)),
        _ => None,
    }
}

/// What a visitor has typed goes along where the settings allow it, more often then.
fn typing(edge: &Shared, reader: &Arc<Reader>, conversation: &str, text: Option<String>) {
    let Ok(id) = conversation.parse::<ConversationId>() else { return };
    let visitor = matches!(reader.who, Who::Visitor { .. });
    let text = text.filter(|_| visitor && previews::allowed(edge)).map(|text| previewed(&text));
    let kind = if text.is_some() { Hint::Preview } else { Hint::Typing };
    if edge.hub.admits(reader, &id) && reader.may_hint(kind, &id, Instant::now()) {
        hint(edge, Notice::Typing(Typing { conversation: id, author: reader.author(), text }));
    }
}

/// As much of it as is shown.
fn previewed(text: &str) -> String {
    text.chars().filter(|c| *c != '\0').take(PREVIEWED_CHARS).collect()
}

/// Whoever looks is of interest to agents only.
fn looking(edge: &Shared, reader: &Arc<Reader>, conversation: &str) {
    let (Who::Agent(_), Ok(id)) = (&reader.who, conversation.parse::<ConversationId>()) else { return };
    if edge.hub.admits(reader, &id) && reader.may_hint(Hint::Looking, &id, Instant::now()) {
        hint(edge, Notice::Looking(Looking { conversation: id, author: reader.author() }));
    }
}

fn hint(edge: &Shared, notice: Notice) {
    let edge = Arc::clone(edge);
    tokio::spawn(async move { edge.tell(&notice).await });
}

/// The frame of a refusal.
fn nack(client_msg_id: Option<String>, failure: &Failure) -> Frame {
    let code = code(failure.problem);
    metrics::counter!("switchboard_nacks_total", "code" => name(code)).increment(1);
    let wait = failure.retry_after_ms.map(Duration::from_millis).map(|wait| wait.as_secs_f64());
    let retry_after = wait.filter(|_| matches!(code, Nack::RateLimited | Nack::Retry));
    encode(&FromServer::Nack { client_msg_id, code, detail: failure.detail.clone(), retry_after })
}

fn code(problem: Problem) -> Nack {
    match problem {
        Problem::Conflict | Problem::NotOwner | Problem::Taken | Problem::Offline => Nack::Conflict,
        Problem::Stale => Nack::Stale,
        Problem::Resolved => Nack::Resolved,
        Problem::Forbidden
        | Problem::Unauthenticated
        | Problem::PasswordChangeRequired
        | Problem::ForeignOrigin
        | Problem::Banned => Nack::Forbidden,
        Problem::NotFound | Problem::MethodNotAllowed => Nack::NotFound,
        Problem::TooLarge => Nack::TooLarge,
        Problem::RateLimited => Nack::RateLimited,
        Problem::Unavailable | Problem::Internal => Nack::Retry,
        Problem::Invalid | Problem::BadRequest | Problem::UnsupportedMediaType => Nack::Invalid,
    }
}

fn name(code: Nack) -> &'static str {
    match code {
        Nack::Conflict => "conflict",
        Nack::Forbidden => "forbidden",
        Nack::NotFound => "not_found",
        Nack::TooLarge => "too_large",
        Nack::RateLimited => "rate_limited",
        Nack::Retry => "retry",
        Nack::Resolved => "resolved",
        Nack::Stale => "stale",
        Nack::Invalid => "invalid",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_whether_and_when_to_try_again() {
        let json =
            |failure| serde_json::from_str::<Value>(&nack(Some("id".into()), &failure).to_string()).unwrap();
        let limited = json(Failure::rate_limited("slow down", 1_500));
        assert_eq!(
            (limited["code"].as_str(), limited["retry_after"].as_f64()),
            (Some("rate_limited"), Some(1.5))
        );
        assert_eq!(json(Failure::unavailable("away"))["code"], "retry");
        let stale = json(Failure::new(Problem::Stale, "changed"));
        assert_eq!(stale["code"], "stale");
        assert!(stale.get("retry_after").is_none());
        for code in [Nack::Conflict, Nack::NotFound, Nack::TooLarge, Nack::RateLimited, Nack::Invalid] {
            assert_eq!(serde_json::to_value(code).unwrap(), name(code));
        }
    }
}
