//! The OpenAPI document, from the table of routes.

use super::describe::{Schemas, collect};
use super::route::{By, Route};
use super::routes::table;
use crate::http::problem::ProblemDocument;
use axum::response::IntoResponse;
use http::header::CONTENT_TYPE;
use switchboard_wire::view::{FromClient, FromServer};
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ComponentsBuilder, ObjectBuilder, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, PathsBuilder, RefOr, Required, ResponseBuilder,
    Schema,
};

/// Name of the cookie's security scheme.
const SESSION: &str = "session";
/// Name of the token's security scheme.
const TOKEN: &str = "token";

/// `GET /openapi.json`
pub(crate) async fn get() -> impl IntoResponse {
    // What is kept is what would be made here, a test compares; making it would cost the program a megabyte of code.
    const TEXT: &str = include_str!("../../../../frontend/openapi.json");
    ([(CONTENT_TYPE, "application/json")], TEXT)
}

/// The document as it is to be kept in `frontend/openapi.json`, which is served.
#[must_use]
pub fn openapi_json() -> String {
    let mut text = serde_json::to_string_pretty(&document()).unwrap_or_default();
    text.push('\n');
    text
}

fn document() -> OpenApi {
    let mut schemas = Schemas::new();
    let problem = collect::<ProblemDocument>(&mut schemas);
    collect::<FromClient>(&mut schemas);
    collect::<FromServer>(&mut schemas);
    let mut paths = PathsBuilder::new();
    for route in table() {
        let operation = operation(&route, &problem, &mut schemas);
        paths = paths.path(route.full_path(), PathItem::new(method(&route), operation));
    }
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        "sb",
        "Staff: set by POST /api/v1/session. `__Host-sb` on https. Whatever changes something also needs an Origin \
         header with the public address.",
    )));
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    let components = ComponentsBuilder::new()
        .schemas_from_iter(schemas)
        .security_scheme(SESSION, cookie)
        .security_scheme(TOKEN, bearer);
    let info = InfoBuilder::new()
        .title("Switchboard")
        .version("1")
        .description(Some(
            "JSON in and out; errors are application/problem+json. Ids are opaque. Times are RFC 3339 UTC. Readers \
             ignore fields that they do not know.",
        ))
        .build();
    OpenApiBuilder::new().info(info).paths(paths).components(Some(components.build())).build()
}

fn operation(route: &Route, problem: &RefOr<Schema>, schemas: &mut Schemas) -> OperationBuilder {
    let answer = ResponseBuilder::new().description(route.summary);
    let answer = match (route.answer)(schemas) {
        Some(schema) => answer.content(route.kind, content(schema)),
        None => answer,
    };
    let refusal = ResponseBuilder::new()
        .description("A refusal; `type` and `status` say which, `detail` what to do.")
        .content("application/problem+json", content(problem.clone()));
    let mut operation = OperationBuilder::new()
        .summary(Some(route.summary))
        .operation_id(Some(operation_id(route)))
        .tag(route.path.split('/').nth(1).unwrap_or_default())
        .response(route.status.to_string(), answer)
        .response("default", refusal);
    if let Some(schema) = (route.body)(schemas) {
        let body = RequestBodyBuilder::new().required(Some(Required::True));
        operation = operation.request_body(Some(body.content(route.body_kind, content(schema)).build()));
    }
    for name in route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)));
        operation = operation.parameter(parameter);
    }
    for parameter in route.query.clone() {
        operation = operation.parameter(parameter);
    }
    let none: [&str; 0] = [];
    match route.by {
        By::Staff => operation.security(SecurityRequirement::new(SESSION, none)),
        By::Visitor => operation.security(SecurityRequirement::new(TOKEN, none)),
        By::OurPage | By::Anyone => operation,
    }
}

fn content(schema: RefOr<Schema>) -> utoipa::openapi::Content {
    ContentBuilder::new().schema(Some(schema)).build()
}

/// Method and path in one word, such as `post_conversations_id_claim`.
fn operation_id(route: &Route) -> String {
    let path = route.path.replace(['{', '}'], "").replace(['/', '.'], "_");
    format!("{}{path}", route.method.as_str().to_ascii_lowercase())
}

fn method(route: &Route) -> HttpMethod {
    match route.method {
        http::Method::POST => HttpMethod::Post,
        http::Method::PUT => HttpMethod::Put,
        http::Method::PATCH => HttpMethod::Patch,
        http::Method::DELETE => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}
