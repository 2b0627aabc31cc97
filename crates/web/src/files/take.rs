//! An upload: it goes to the dbmgr while it arrives.

use super::pieces::Pieces;
use crate::edge::Edge;
use crate::http::body::{Reply, created};
use crate::http::problem::{Answer, Refused};
use axum::extract::Request;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use serde::Deserialize;
use std::net::IpAddr;
use switchboard_domain::file::too_large;
use switchboard_wire::call::conversation::GetConversation;
use switchboard_wire::call::file::{OneFile, PutPiece};
use switchboard_wire::{Bytes64, Credential, Failure, Problem};
use utoipa::IntoParams;

/// What a file is called.
#[derive(Deserialize, IntoParams)]
pub(crate) struct NameQuery {
    /// The file's name; the last part of a path counts, shortened to 120 characters.
    name: String,
}

/// Stores the body of a request as a file of a conversation. What ends before its end is swept later and never shown.
pub(crate) async fn take(
    edge: &Edge,
    by: &Credential,
    address: IpAddr,
    conversation: String,
    NameQuery { name }: NameQuery,
    request: Request,
) -> Answer<Reply<OneFile>> {
    edge.admit_upload(by)?;
    // Each piece is stored by whoever may at that moment; this is asked before there is any, and before a place is held.
    if let Err(failure) = edge.ask(by.clone(), GetConversation { id: conversation.clone() }).await {
        if let Ok(_reading) = edge.refused_uploads.try_acquire() {
            Pieces::of(request.into_body()).drain().await;
        }
        return Err(failure.into());
    }
    let _own = edge.upload_of(address)?;
    let _place = edge.uploads.try_acquire().map_err(|_| {
        Failure::unavailable("many files are being uploaded at this moment; try again shortly")
    })?;
    let limit = edge.config.limits.file_bytes;
    let declared = length(request.headers());
    let mut pieces = Pieces::of(request.into_body());
    if declared.is_some_and(|bytes| bytes > limit) {
        return refuse(pieces, limit).await;
    }
    if let Err(failure) = edge.admit_upload_of(by, address, declared.unwrap_or(limit)) {
        pieces.drain().await;
        return Err(failure.into());
    }
    let (mut file, mut n, mut bytes) = (None, 0, 0);
    loop {
        let (data, last) = pieces.next().await?;
        bytes += i64::try_from(data.len()).unwrap_or(i64::MAX);
        if bytes > limit {
            return refuse(pieces, limit).await;
        }
        let (conversation, name) = (conversation.clone(), name.clone());
        let put = PutPiece { conversation, file, name, n, data: Bytes64(data), last };
        let stored = match edge.ask(by.clone(), put).await {
            Ok(stored) => stored,
            Err(failure) => {
                pieces.drain().await;
                return Err(failure.into());
            }
        };
        if last {
            return Ok(created(stored, false));
        }
        file = Some(stored.file.id);
        n += 1;
    }
}

async fn refuse<T>(pieces: Pieces, limit: i64) -> Answer<T> {
    pieces.drain().await;
    Err(Refused::new(Problem::TooLarge, &too_large(limit)))
}

fn length(headers: &HeaderMap) -> Option<i64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
