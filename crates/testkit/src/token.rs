//! Tokens as a site's server signs them.

use ring::hmac;
use serde_json::{Value, json};

/// URL-safe base 64 without padding (RFC 4648, 5).
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let n = chunk.iter().fold(0_u32, |n, byte| (n << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..=chunk.len() {
            text.push(char::from(DIGITS[(n >> (18 - 6 * digit)) as usize & 63]));
        }
    }
    text
}

/// A JWT of these claims, signed with HS256.
pub fn signed(kid: &str, secret: &str, claims: &Value) -> String {
    let header = json!({ "alg": "HS256", "typ": "JWT", "kid": kid }).to_string();
    let message = format!("{}.{}", base64(header.as_bytes()), base64(claims.to_string().as_bytes()));
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    format!("{message}.{}", base64(hmac::sign(&key, message.as_bytes()).as_ref()))
}
