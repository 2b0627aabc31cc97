//! The figures that a part tells of itself.

use switchboard_testkit::Http;

/// Where a part was told to serve its metrics.
#[derive(Debug, Clone)]
pub struct Metrics {
    http: Http,
}

impl Metrics {
    /// At `address`, `127.0.0.1:PORT`.
    #[must_use]
    pub fn at(address: &str) -> Self {
        Self { http: Http::new(address) }
    }

    /// The flag for `serve`.
    #[must_use]
    pub fn flag(&self) -> String {
        format!("--metrics-listen={}", self.http.address())
    }

    /// The value of the line that begins so, labels and all; none when there is no such line.
    ///
    /// # Errors
    /// When the part does not answer.
    pub async fn get(&self, name: &str) -> anyhow::Result<Option<f64>> {
        let reply = self.http.raw(http::Method::GET, "/metrics", None).await?;
        let text = String::from_utf8_lossy(&reply.text);
        Ok(text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok()))
    }
}
