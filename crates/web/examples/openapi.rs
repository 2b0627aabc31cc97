//! Prints the OpenAPI document: `cargo run -p switchboard-web --example openapi > frontend/openapi.json`

fn main() {
    print!("{}", switchboard_web::openapi_json());
}
