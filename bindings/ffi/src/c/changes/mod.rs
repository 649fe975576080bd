//! The change layer: documents of products, plans and reports.

mod apply;
mod plan;
mod planning;
mod product_document;
mod report;
mod step;
mod text;
