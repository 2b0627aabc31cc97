//! Signatures of [Standard Webhooks](https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md):
//! HMAC-SHA256 over `ID.TIMESTAMP.BODY`, with a secret that is written `whsec_` and base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// In front of every secret.
pub const SECRET_PREFIX: &str = "whsec_";
/// Header: names the message; the same when it is sent again.
pub const ID: &str = "webhook-id";
/// Header: when this attempt was made, in seconds since 1970.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// Header: the signatures, separated by spaces.
pub const SIGNATURE: &str = "webhook-signature";

/// A secret of these random bytes; the specification asks for 24 to 64.
#[must_use]
pub fn secret(bytes: &[u8; 24]) -> String {
    format!("{SECRET_PREFIX}{}", STANDARD.encode(bytes))
}

/// The value of [`SIGNATURE`]: one signature for each secret, so that a receiver may know either while they change.
#[must_use]
pub fn signatures(secrets: &[String], id: &str, timestamp: i64, body: &[u8]) -> String {
    let one = |secret: &String| {
        let key = STANDARD.decode(secret.strip_prefix(SECRET_PREFIX).unwrap_or(secret)).ok()?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
        mac.update(id.as_bytes());
        mac.update(format!(".{timestamp}.").as_bytes());
        mac.update(body);
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    };
    secrets.iter().filter_map(one).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_signature_of_the_specification() {
        // The example of the reference libraries.
        let secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()];
        let body = br#"{"test": 2432232314}"#;
        let signed = signatures(&secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn two_secrets_give_two_signatures() {
        let secrets = [secret(&[1; 24]), secret(&[2; 24])];
        let signed = signatures(&secrets, "m", 1, b"{}");
        let (first, second) = signed.split_once(' ').unwrap();
        assert_ne!(first, second);
        assert!(secrets.iter().all(|secret| secret.starts_with(SECRET_PREFIX)));
    }
}
