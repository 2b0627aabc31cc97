//! Reading what a site has signed. The form is jsonwebtoken's matter, the signature ring's, and what the claims must
//! say is a rule of the domain; which key it is with, the transaction says.

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result as JwtResult};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use ring::hmac;
use signature::{Error as BadSignature, Verifier};
use switchboard_domain::identity::{BadIdentity, Claims, TOKEN_BYTES};

/// HMAC with SHA-256, and nothing else.
struct Hs256(hmac::Key);

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), BadSignature> {
        hmac::verify(&self.0, message, signature).map_err(|_| BadSignature::new())
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

/// What jsonwebtoken computes with in this process: it checks HS256, signs nothing and reads no other keys.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(ErrorKind::InvalidAlgorithm.into()),
    verifier_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 => verifier(key),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    },
    key_utils: KeyUtils::new_unimplemented(),
};

fn verifier(key: &DecodingKey) -> JwtResult<Box<dyn JwtVerifier>> {
    Ok(Box::new(Hs256(hmac::Key::new(hmac::HMAC_SHA256, key.try_get_as_bytes()?))))
}

/// Which key a token says that it is signed with. Nothing of it is proven.
pub(crate) fn key_of(token: &str) -> Result<String, BadIdentity> {
    if token.len() > TOKEN_BYTES {
        return Err(BadIdentity::Form);
    }
    let header = decode_header(token).map_err(|_| BadIdentity::Form)?;
    // What is critical to whoever made it (RFC 7515, 4.1.11) we would have to understand.
    if header.alg != Algorithm::HS256 || header.crit.is_some() {
        return Err(BadIdentity::Form);
    }
    header.kid.ok_or(BadIdentity::Key)
}

/// What a token says, if it is signed with this secret.
pub(crate) fn claims(token: &str, secret: &str) -> Result<Claims, BadIdentity> {
    // The second time it is there already.
    let _ = PROVIDER.install_default();
    let mut validation = Validation::new(Algorithm::HS256);
    // Times and audience are the domain's: it is told the time.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    let key = DecodingKey::from_secret(secret.as_bytes());
    match decode::<Claims>(token, &key, &validation) {
        Ok(data) => Ok(data.claims),
        Err(error) if *error.kind() == ErrorKind::InvalidSignature => Err(BadIdentity::Signature),
        Err(_) => Err(BadIdentity::Form),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// RFC 7515, A.1: header, claims and signature, with its key; but this one has neither kid nor sub.
    #[test]
    fn a_header_without_kid_names_no_key() {
        let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(key_of(token), Err(BadIdentity::Key));
    }

    /// Made with Python's `hmac`: {"alg":"HS256","kid":"k1"}, {"sub":"u","aud":"switchboard","exp":1}, key "secret".
    const SIGNED: &str = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJ1IiwiYXVkIjoic3dpdGNoYm9hcmQiLCJleHAiOjF9.7QnzMeM8-v4YHpLo6UtP9-7PmlSnghaFEkRR5mm7IzI";

    #[test]
    fn what_another_program_has_signed_is_read() {
        assert_eq!(key_of(SIGNED).as_deref(), Ok("k1"));
        let claims = claims(SIGNED, "secret").unwrap();
        assert_eq!((claims.sub.as_str(), claims.exp), ("u", 1.0));
    }

    #[test]
    fn another_secret_or_letter_is_another_signature() {
        assert_eq!(claims(SIGNED, "Secret"), Err(BadIdentity::Signature));
        assert_eq!(claims(SIGNED, ""), Err(BadIdentity::Signature));
        for n in 0..SIGNED.len() {
            let mut bytes = SIGNED.as_bytes().to_vec();
            bytes[n] = if bytes[n] == b'B' { b'C' } else { b'B' };
            let changed = String::from_utf8(bytes).unwrap();
            let read = claims(&changed, "secret");
            // The last letter's lowest bits carry nothing, and must then be nothing.
            assert!(read.is_err(), "{n}: {changed}");
        }
    }

    #[test]
    fn other_algorithms_are_none_of_ours() {
        // {"alg":"none","kid":"k1"}, {"alg":"HS512","kid":"k1"}, {"alg":"RS256","kid":"k1"}, critical extensions.
        for header in [
            "eyJhbGciOiJub25lIiwia2lkIjoiazEifQ",
            "eyJhbGciOiJIUzUxMiIsImtpZCI6ImsxIn0",
            "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0",
            "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIiwiY3JpdCI6WyJ4Il0sIngiOjF9",
        ] {
            let rest = SIGNED.split_once('.').unwrap().1;
            for token in
                [format!("{header}.{rest}"), format!("{header}.{}.", rest.split_once('.').unwrap().0)]
            {
                assert_eq!(key_of(&token), Err(BadIdentity::Form), "{token}");
                assert!(claims(&token, "secret").is_err(), "{token}");
            }
        }
        for token in
            ["", ".", "..", "a.b.c", "a.b", SIGNED.trim_end_matches(|c| c != '.'), &"x".repeat(5_000)]
        {
            assert!(key_of(token).is_err() || claims(token, "secret").is_err(), "{token}");
        }
    }

    proptest! {
        #[test]
        fn nothing_unsigned_is_believed(token in "[A-Za-z0-9_.-]{0,200}", secret in ".{0,40}") {
            prop_assert!(key_of(&token).is_err() || claims(&token, &secret).is_err());
        }
    }
}
