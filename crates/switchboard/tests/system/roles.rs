//! The table of contract §2: every call by everybody. Each role does its own job and no other.

use anyhow::ensure;
use http::Method;
use serde_json::{Value, json};
use switchboard_testkit::{Http, Shape, on_shapes};

use crate::support::Scene;

on_shapes!(Embedded, Split: [every_call_by_every_role]);

/// Who may: nobody signed in needed, super admin, admin, agent, visitor.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Who {
    Staff,
    Super,
    Admin,
    Agent,
    /// Admins and agents.
    Desk,
    SuperAndAdmin,
    Visitor,
}

/// Everything that the contract lists; what needs an id gets one that does not exist, so that who may comes to a 404
/// (or a refusal of the body) and who may not must be stopped before.
const CALLS: [(&str, &str, Who); 116] = [
    ("GET", "/session", Who::Staff),
    ("PUT", "/account/password", Who::Staff),
    ("GET", "/account/sessions", Who::Staff),
    ("DELETE", "/account/sessions/none", Who::Staff),
    ("GET", "/admins", Who::Super),
    ("POST", "/admins", Who::Super),
    ("PATCH", "/admins/none", Who::Super),
    ("POST", "/admins/none/password", Who::Super),
    ("GET", "/agents", Who::Admin),
    ("POST", "/agents", Who::Admin),
    ("PATCH", "/agents/none", Who::Admin),
    ("POST", "/agents/none/password", Who::Admin),
    ("GET", "/teams", Who::Admin),
    ("POST", "/teams", Who::Admin),
    ("PATCH", "/teams/none", Who::Admin),
    ("DELETE", "/teams/none", Who::Admin),
    ("GET", "/automations", Who::Admin),
    ("PATCH", "/automations/none", Who::Admin),
    ("POST", "/automations", Who::Admin),
    ("PATCH", "/automations/none/hook", Who::Admin),
    ("POST", "/automations/none/hook/secret", Who::Admin),
    ("DELETE", "/automations/none", Who::Admin),
    ("GET", "/webhooks", Who::Admin),
    ("POST", "/webhooks", Who::Admin),
    ("PATCH", "/webhooks/none", Who::Admin),
    ("DELETE", "/webhooks/none", Who::Admin),
    ("POST", "/webhooks/none/secret", Who::Admin),
    ("POST", "/webhooks/none/test", Who::Admin),
    ("GET", "/webhooks/none/deliveries", Who::Admin),
    ("POST", "/webhooks/none/replay", Who::Admin),
    ("GET", "/audit", Who::SuperAndAdmin),
    ("GET", "/system", Who::Super),
    ("GET", "/reports", Who::Admin),
    ("GET", "/reports/conversations.csv", Who::Admin),
    ("GET", "/settings", Who::Admin),
    ("PUT", "/settings", Who::Admin),
    ("GET", "/mails", Who::Admin),
    ("GET", "/identity/keys", Who::Admin),
    ("POST", "/identity/keys", Who::Admin),
    ("DELETE", "/identity/keys/none", Who::Admin),
    ("GET", "/bans", Who::Admin),
    ("POST", "/bans", Who::Admin),
    ("DELETE", "/bans/none", Who::Admin),
    ("GET", "/visitors", Who::Admin),
    ("GET", "/visitors/none/export", Who::Admin),
    ("DELETE", "/visitors/none", Who::Admin),
    ("POST", "/visitors/none/merge", Who::Admin),
    ("GET", "/agents/none/conversations", Who::Admin),
    ("POST", "/conversations/none/watch", Who::Admin),
    ("POST", "/conversations/none/whisper", Who::Admin),
    ("GET", "/presence", Who::Agent),
    ("PUT", "/presence", Who::Agent),
    ("GET", "/directory", Who::Desk),
    ("GET", "/rules", Who::Admin),
    ("POST", "/rules", Who::Admin),
    ("PUT", "/rules/order", Who::Admin),
    ("POST", "/rules/try", Who::Admin),
    ("GET", "/rules/runs", Who::Admin),
    ("PATCH", "/rules/none", Who::Admin),
    ("DELETE", "/rules/none", Who::Admin),
    ("GET", "/guides", Who::Admin),
    ("POST", "/guides", Who::Admin),
    ("POST", "/guides/try", Who::Admin),
    ("GET", "/guides/none", Who::Admin),
    ("PUT", "/guides/none/draft", Who::Admin),
    ("POST", "/guides/none/publish", Who::Admin),
    ("GET", "/canned", Who::Desk),
    ("POST", "/canned", Who::Desk),
    ("PATCH", "/canned/none", Who::Desk),
    ("DELETE", "/canned/none", Who::Desk),
    ("GET", "/search?q=hello", Who::Agent),
    ("GET", "/views", Who::Desk),
    ("POST", "/views", Who::Agent),
    ("PATCH", "/views/none", Who::Desk),
    ("DELETE", "/views/none", Who::Desk),
    ("GET", "/articles", Who::Admin),
    ("POST", "/articles", Who::Admin),
    ("GET", "/articles/try?q=a", Who::Admin),
    ("GET", "/articles/none", Who::Admin),
    ("PATCH", "/articles/none", Who::Admin),
    ("DELETE", "/articles/none", Who::Admin),
    ("GET", "/conversations", Who::Agent),
    ("GET", "/conversations/none", Who::Agent),
    ("GET", "/conversations/none/entries", Who::Agent),
    ("GET", "/conversations/none/transcript", Who::Agent),
    ("POST", "/conversations/none/messages", Who::Agent),
    ("POST", "/conversations/none/notes", Who::Agent),
    ("POST", "/conversations/none/claim", Who::Agent),
    ("POST", "/conversations/none/transfer", Who::Agent),
    ("POST", "/conversations/none/resolve", Who::Agent),
    ("POST", "/conversations/none/reopen", Who::Agent),
    ("POST", "/conversations/none/snooze", Who::Agent),
    ("POST", "/conversations/none/tags", Who::Agent),
    ("POST", "/conversations/none/ban", Who::Agent),
    ("POST", "/conversations/none/files?name=cat.png", Who::Agent),
    ("GET", "/conversations/none/files/none", Who::Agent),
    ("POST", "/conversations/none/priority", Who::Agent),
    ("POST", "/conversations/none/merge", Who::Agent),
    ("GET", "/assist", Who::Agent),
    ("POST", "/conversations/none/assist", Who::Agent),
    ("GET", "/mentions", Who::Agent),
    ("POST", "/mentions/read", Who::Agent),
    ("GET", "/visitor/directory", Who::Visitor),
    ("GET", "/visitor/conversations", Who::Visitor),
    ("POST", "/visitor/conversations", Who::Visitor),
    ("GET", "/visitor/conversations/none", Who::Visitor),
    ("GET", "/visitor/conversations/none/entries", Who::Visitor),
    ("GET", "/visitor/conversations/none/transcript", Who::Visitor),
    ("POST", "/visitor/conversations/none/transcript/mail", Who::Visitor),
    ("POST", "/visitor/conversations/none/messages", Who::Visitor),
    ("POST", "/visitor/conversations/none/handoff", Who::Visitor),
    ("POST", "/visitor/conversations/none/resolve", Who::Visitor),
    ("POST", "/visitor/conversations/none/rating", Who::Visitor),
    ("POST", "/visitor/conversations/none/files?name=cat.png", Who::Visitor),
    ("GET", "/visitor/conversations/none/files/none", Who::Visitor),
    ("DELETE", "/session", Who::Staff),
];

/// A body that is acceptable to each call.
fn body(path: &str) -> Value {
    if path.starts_with("/rules") {
        let rule = json!({
            "name": "Some", "on": false, "trigger": { "when": "started" }, "conditions": [],
            "actions": [{ "then": "tag", "tag": "new" }], "ids": ["none"], "sample": {},
        });
        let mut body = rule.clone();
        body["rule"] = rule;
        return body;
    }
    if path.starts_with("/articles") {
        return json!({ "title": "Some title", "body": "Some text", "language": "en", "version": 1 });
    }
    json!({
        "username": "somebody", "display_name": "Somebody", "name": "Some team", "status": "online", "active": true,
        "current": "not the current one", "new": "a fine new passphrase", "fence": 1, "to": { "automation": "none" },
        "until": "2099-01-01T00:00:00Z", "score": 3, "client_msg_id": "0123456789abcdef0123",
        "body": { "text": path }, "shortcut": "some", "text": "Some text", "scope": "own", "add": ["some"],
        "for": "1h", "pre_chat": { "ask_name": "no", "ask_email": "no" }, "retention_days": null,
        "priority": "high", "with": "none", "task": "draft", "title": "Some", "url": "https://example.org/in",
        "events": ["message.visitor"], "filter": { "view": "all" }, "steps": [], "edition": 1,
    })
}

fn allowed(who: Who, role: &str) -> bool {
    match who {
        Who::Staff => ["super_admin", "admin", "agent"].contains(&role),
        Who::Super => role == "super_admin",
        Who::Admin => role == "admin",
        Who::Agent => role == "agent",
        Who::Desk => ["admin", "agent"].contains(&role),
        Who::SuperAndAdmin => ["super_admin", "admin"].contains(&role),
        Who::Visitor => role == "visitor",
    }
}

async fn every_call_by_every_role(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let root = scene.system.super_admin().await?;
    let visitor = scene.system.visitor().await?;
    let nobody = scene.system.http();
    let callers: [(&str, Http); 5] = [
        ("nobody", nobody),
        ("super_admin", root.http.clone()),
        ("admin", scene.admin.http.clone()),
        ("agent", scene.agent.http.clone()),
        ("visitor", visitor.http.clone()),
    ];
    let mut wrong = Vec::new();
    for (role, http) in &callers {
        for (method, path, who) in CALLS {
            let method: Method = method.parse()?;
            let body = (method != Method::GET && method != Method::DELETE).then(|| body(path));
            let reply = http.call(method.clone(), path, body).await?;
            let status = reply.status.as_u16();
            let is_staff_call = who != Who::Visitor;
            if !allowed(who, role) && method != Method::GET && method != Method::DELETE {
                // Nobody is told what is wrong with a body before it is known that they may send one.
                for body in [json!({}), json!([]), json!({ "to": 1, "name": "", "text": "" })] {
                    let again = http.call(method.clone(), path, Some(body)).await?;
                    if again.status.as_u16() != status {
                        wrong.push(format!(
                            "{role} {method} {path}: {status}, but {} for nonsense",
                            again.status
                        ));
                    }
                }
            }
            let right = if allowed(who, role) {
                // Allowed: it does what it should, or finds nothing under that id, or refuses the values (the name is taken once it was).
                matches!(status, 200 | 201 | 204 | 404 | 409 | 422)
            } else if *role == "nobody" || (*role == "visitor") == is_staff_call {
                // No session for this side of the house.
                status == 401
            } else {
                status == 403
            };
            if !right {
                wrong.push(format!("{role} {method} {path}: {status}"));
            }
            if !allowed(who, role) {
                reply.problem(status)?;
            }
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
