//! How the table of routes names what goes in and out, for the OpenAPI document.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{IntoParams, ToSchema};

/// The schemas that a document needs, by name.
pub(crate) type Schemas = BTreeMap<String, RefOr<Schema>>;

/// A body: its schema, or none.
pub(crate) trait Describe {
    /// Its media type.
    const KIND: &'static str = "application/json";

    fn describe(schemas: &mut Schemas) -> Option<RefOr<Schema>>;
}

/// No body.
pub(crate) struct Nothing;

/// One of these.
pub(crate) struct Of<T>(PhantomData<T>);

/// A page of these.
pub(crate) struct PageOf<T>(PhantomData<T>);

/// A file of comma-separated values.
pub(crate) struct CsvFile;

/// A file of plain text.
pub(crate) struct TextFile;

/// Bytes of whatever type.
pub(crate) struct Raw;

/// No query.
pub(crate) struct NoQuery;

impl Describe for Nothing {
    fn describe(_: &mut Schemas) -> Option<RefOr<Schema>> {
        None
    }
}

impl Describe for Raw {
    const KIND: &'static str = "application/octet-stream";

    fn describe(_: &mut Schemas) -> Option<RefOr<Schema>> {
        let bytes = ObjectBuilder::new().schema_type(Type::String).content_media_type(Self::KIND);
        Some(bytes.build().into())
    }
}

impl<T: ToSchema> Describe for Of<T> {
    fn describe(schemas: &mut Schemas) -> Option<RefOr<Schema>> {
        Some(collect::<T>(schemas))
    }
}

impl<T: ToSchema> Describe for PageOf<T> {
    fn describe(schemas: &mut Schemas) -> Option<RefOr<Schema>> {
        let item = collect::<T>(schemas);
        let next = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some("Where the next page begins; null at the end."));
        let items =
            ArrayBuilder::new().items(item).description(Some("At most 200; a page also ends at 256 KiB."));
        let page = ObjectBuilder::new()
            .property("items", items)
            .required("items")
            .property("next", next)
            .required("next")
            .build();
        let name = format!("{}Page", T::name());
        schemas.insert(name.clone(), page.into());
        Some(Ref::from_schema_name(name).into())
    }
}

impl Describe for CsvFile {
    const KIND: &'static str = "text/csv";

    fn describe(_: &mut Schemas) -> Option<RefOr<Schema>> {
        Some(text())
    }
}

impl Describe for TextFile {
    const KIND: &'static str = "text/plain";

    fn describe(_: &mut Schemas) -> Option<RefOr<Schema>> {
        Some(text())
    }
}

fn text() -> RefOr<Schema> {
    Schema::from(ObjectBuilder::new().schema_type(Type::String)).into()
}

impl IntoParams for NoQuery {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![]
    }
}

/// Adds a type and all that it mentions, and answers a reference to it.
pub(crate) fn collect<T: ToSchema>(schemas: &mut Schemas) -> RefOr<Schema> {
    let mut mentioned = Vec::new();
    T::schemas(&mut mentioned);
    schemas.extend(mentioned);
    schemas.insert(T::name().into_owned(), T::schema());
    Ref::from_schema_name(T::name()).into()
}
