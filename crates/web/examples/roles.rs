//! Prints the table of routes and roles: `cargo run -p switchboard-web --example roles > docs/routes.md`

fn main() {
    print!("{}", switchboard_web::roles_markdown());
}
