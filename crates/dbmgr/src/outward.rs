//! Web hooks that guides call: signed, bounded, and made outside of every transaction.

use crate::audit::cut;
use crate::limits::TELL_SAID_CHARS;
use crate::shared::Shared;
use crate::webhooks;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::Method;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use switchboard_domain::guide::call::{WITHIN_MS, read};
use switchboard_outbound::{Client, Request, Target};
use switchboard_router::Outward;
use switchboard_storage::automation;
use switchboard_storage::webhook::{self, Webhook};
use switchboard_wire::call::router::{Called, GuideCall};

/// Calls them.
pub(crate) struct Hooks {
    pub(crate) shared: Arc<Shared>,
    /// How servers outside are reached; none where they are told nothing.
    pub(crate) client: Option<Client>,
}

impl Outward for Hooks {
    fn call<'a>(&'a self, guide: &'a str, call: &'a GuideCall) -> BoxFuture<'a, Called> {
        Box::pin(async move {
            let step = call.step.clone();
            match self.ask(call).await {
                Ok(answer) => Called { step, answer: Some(answer), error: None },
                Err(why) => {
                    tracing::info!(guide, step, why, "a web hook that a guide called failed");
                    self.note(guide, &format!("step {step}: web hook: {why}")).await;
                    Called { step, answer: None, error: Some(why) }
                }
            }
        })
    }
}

impl Hooks {
    async fn ask(&self, call: &GuideCall) -> Result<BTreeMap<String, String>, String> {
        let client = self.client.as_ref().ok_or("this installation calls no web hooks")?;
        let hook = self.find(&call.webhook).await?;
        let target: Target =
            hook.url.parse().map_err(|bad: switchboard_outbound::Failure| bad.to_string())?;
        let headers = webhooks::signed(&hook, &call.id, call.body.as_bytes(), self.shared.clock.now());
        let body = Bytes::copy_from_slice(call.body.as_bytes());
        let within = Duration::from_millis(WITHIN_MS);
        let request = Request { method: Method::POST, headers, body, within };
        let answer = client.send(&target, request).await.map_err(|failure| failure.to_string())?;
        if !answer.status.is_success() {
            let hint = if answer.status.is_redirection() { "; redirects are not followed" } else { "" };
            return Err(format!("it answered {}{hint}", answer.status.as_u16()));
        }
        read(&answer.body)
    }

    async fn find(&self, id: &str) -> Result<Webhook, String> {
        let gone = || "it is gone: choose another one in the guide".to_owned();
        let id = id.parse().map_err(|_| gone())?;
        let reading = async {
            let mut tx = self.shared.store.read().await?;
            webhook::get(&mut tx, &id).await
        };
        let found = reading.await.map_err(|_| "the database does not say where it is".to_owned())?;
        let hook = found.ok_or_else(gone)?;
        if hook.active { Ok(hook) } else { Err(format!("{} is not active", hook.name)) }
    }

    /// For the admin, beside the guide's automation. Not written is no reason to fail.
    async fn note(&self, guide: &str, error: &str) {
        let error = cut(error, TELL_SAID_CHARS);
        let noted = webhooks::write(&self.shared, |cx| {
            let (guide, error) = (guide.to_owned(), error.clone());
            Box::pin(async move { Ok(automation::failed(&mut cx.tx, &guide, &error, cx.now).await?) })
        });
        if let Err(failure) = noted.await {
            tracing::debug!(%failure, "what a web hook failed with is not written down");
        }
    }
}
