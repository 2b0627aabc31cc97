//! Metrics: `GET /metrics` in Prometheus' text format, on an address of its own so that it need not be public.

use crate::config::Config;
use crate::shutdown::{self, Shutdown};
use anyhow::{Context, Result};
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::time::Duration;

/// Upper bounds of the latency histograms, in seconds.
const SECONDS: &[f64] =
    &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Upper bounds of the histograms of batch sizes, in rows.
const ROWS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];
/// How often old samples are folded together, so that memory stays bounded while nobody scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

/// Starts collecting and serving, if the configuration says where.
pub async fn start(config: &Config, stop: Shutdown) -> Result<()> {
    let Some(address) = config.metrics_listen else { return Ok(()) };
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), SECONDS)
        .and_then(|builder| builder.set_buckets_for_metric(Matcher::Suffix("_rows".into()), ROWS))
        .and_then(PrometheusBuilder::install_recorder)
        .context("cannot collect metrics")?;
    let listener = tokio::net::TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address} for metrics; choose another --metrics-listen")
    })?;
    tracing::info!(address = %listener.local_addr()?, "metrics");
    metrics::gauge!("switchboard_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    tokio::spawn(upkeep(handle.clone(), stop.clone()));
    let text = move || std::future::ready(([(CONTENT_TYPE, "text/plain; version=0.0.4")], handle.render()));
    let app = Router::new().route("/metrics", get(text));
    tokio::spawn(async move {
        let served = axum::serve(listener, app).with_graceful_shutdown(shutdown::requested(stop)).await;
        if let Err(error) = served {
            tracing::error!(%error, "metrics are no longer served");
        }
    });
    Ok(())
}

async fn upkeep(handle: PrometheusHandle, stop: Shutdown) {
    let stopped = shutdown::requested(stop);
    tokio::pin!(stopped);
    loop {
        tokio::select! {
            () = &mut stopped => return,
            () = tokio::time::sleep(UPKEEP) => handle.run_upkeep(),
        }
    }
}
