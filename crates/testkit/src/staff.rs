//! A member of staff: a signed-in caller and its socket.

use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};

use crate::http::Http;
use crate::id::unique;
use crate::socket::{Refused, Socket};
use crate::wait;

/// How long ordinary things may take before a test gives up.
pub const SOON: Duration = Duration::from_secs(10);

/// An account with a session.
#[derive(Debug, Clone)]
pub struct Staff {
    /// Calls with the session's cookie.
    pub http: Http,
    /// The account's id.
    pub id: String,
    /// The account's name.
    pub username: String,
    /// The account's password.
    pub password: String,
}

impl Staff {
    /// Signs in.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn sign_in(http: &Http, username: &str, password: &str) -> anyhow::Result<Self> {
        let reply = http.post("/session", json!({ "username": username, "password": password })).await?;
        let account = reply.expect(200)?["account"].clone();
        let cookie =
            reply.header("set-cookie").and_then(|cookie| cookie.split(';').next()).context("no cookie")?;
        Ok(Self {
            http: http.clone().with_cookie(Some(cookie)),
            id: text(&account["id"])?,
            username: username.to_owned(),
            password: password.to_owned(),
        })
    }

    /// Signs in once more: another session of the same account.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn again(&self) -> anyhow::Result<Self> {
        Self::sign_in(&self.http, &self.username, &self.password).await
    }

    /// Makes an account below the own one (`/admins` or `/agents`), with `extra` fields, changes its one-time
    /// password and answers it signed in.
    ///
    /// # Errors
    /// When a step is refused.
    pub async fn make(&self, list: &str, extra: Value) -> anyhow::Result<Self> {
        let (account, initial) = self.create(list, extra).await?;
        let name = text(&account["username"])?;
        let mut made = Self::sign_in(&self.http, &name, &initial).await?;
        made.change_password(&unique("a good passphrase")).await?;
        Ok(made)
    }

    /// Makes an account below the own one; answers it and its one-time password.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn create(&self, list: &str, extra: Value) -> anyhow::Result<(Value, String)> {
        let name = unique(&list[1..list.len() - 1]);
        let mut body = json!({ "username": name, "display_name": format!("Display {name}") });
        if let (Some(body), Some(extra)) = (body.as_object_mut(), extra.as_object()) {
            body.extend(extra.clone());
        }
        let made = self.http.post(list, body).await?.expect(201)?;
        Ok((made["account"].clone(), text(&made["initial_password"])?))
    }

    /// Changes the own password. The session goes on, perhaps under a new cookie.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn change_password(&mut self, new: &str) -> anyhow::Result<()> {
        let reply =
            self.http.put("/account/password", json!({ "current": self.password, "new": new })).await?;
        reply.expect(204)?;
        if let Some(cookie) = reply.header("set-cookie").and_then(|cookie| cookie.split(';').next()) {
            self.http = self.http.clone().with_cookie(Some(cookie));
        }
        new.clone_into(&mut self.password);
        Ok(())
    }

    /// Opens the agent's socket, says `hello` and waits for `welcome`.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn socket(&self) -> anyhow::Result<Socket> {
        let mut socket = self.open().await?;
        socket.send(&json!({ "type": "hello" })).await?;
        socket.expect("welcome", SOON).await?;
        Ok(socket)
    }

    /// Opens the agent's socket and says nothing.
    ///
    /// # Errors
    /// When the upgrade is refused.
    pub async fn open(&self) -> Result<Socket, Refused> {
        Socket::open(&self.http, "/agent/socket").await
    }

    /// Sets the own presence.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn presence(&self, status: &str) -> anyhow::Result<()> {
        let set = self.http.put("/presence", json!({ "status": status })).await?.expect(200)?;
        anyhow::ensure!(set["status"] == status, "{set}");
        Ok(())
    }

    /// Opens the socket and goes online.
    ///
    /// # Errors
    /// When either is refused.
    pub async fn online(&self) -> anyhow::Result<Socket> {
        let socket = self.socket().await?;
        self.presence("online").await?;
        Ok(socket)
    }

    /// The state of a conversation.
    ///
    /// # Errors
    /// When it is not this one's to see.
    pub async fn conversation(&self, id: &str) -> anyhow::Result<Value> {
        self.http.get(&format!("/conversations/{id}")).await?.expect(200)
    }

    /// Everything that this one may see of a conversation, in order.
    ///
    /// # Errors
    /// When it is not this one's to see.
    pub async fn entries(&self, id: &str) -> anyhow::Result<Vec<Value>> {
        all_entries(&self.http, &format!("/conversations/{id}")).await
    }

    /// Writes a message; answers the entry.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn say(&self, id: &str, message: &str) -> anyhow::Result<Value> {
        let body = json!({ "client_msg_id": unique("staff"), "body": { "text": message } });
        self.http.post(&format!("/conversations/{id}/messages"), body).await?.expect(201)
    }

    /// Does what takes the fence (`claim`, `transfer`, `resolve`, `reopen`, `snooze`) with the newest one and
    /// `extra` fields; answers the conversation.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn act(&self, id: &str, verb: &str, extra: Value) -> anyhow::Result<Value> {
        let mut body = json!({ "fence": self.conversation(id).await?["fence"] });
        if let (Some(body), Some(extra)) = (body.as_object_mut(), extra.as_object()) {
            body.extend(extra.clone());
        }
        self.http.post(&format!("/conversations/{id}/{verb}"), body).await?.expect(200)
    }

    /// Waits until a conversation that this one may see fits; answers it and how long that took.
    ///
    /// # Errors
    /// When it does not within `deadline`; the message holds the last state.
    pub async fn until(
        &self,
        id: &str,
        what: &str,
        deadline: Duration,
        fits: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<(Value, Duration)> {
        let mut last = Value::Null;
        let found = wait::until(what, deadline, async || {
            last = self.conversation(id).await?;
            Ok(fits(&last).then(|| last.clone()))
        });
        let found = Box::pin(found).await;
        found.with_context(|| format!("last seen: {last}"))
    }
}

/// The string in a JSON value.
///
/// # Errors
/// When it is none.
pub fn text(value: &Value) -> anyhow::Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("not a string: {value}"))
}

/// Reads all pages of a conversation's entries.
pub(crate) async fn all_entries(http: &Http, conversation: &str) -> anyhow::Result<Vec<Value>> {
    let mut entries: Vec<Value> = Vec::new();
    loop {
        let after = entries.last().map_or(0, |entry| entry["seq"].as_u64().unwrap_or_default());
        let page = http.get(&format!("{conversation}/entries?after={after}")).await?.expect(200)?;
        let items = page["items"].as_array().with_context(|| format!("no items: {page}"))?;
        entries.extend(items.iter().cloned());
        if items.is_empty() || page["next"].is_null() {
            return Ok(entries);
        }
    }
}
