//! The cases: a shape, a way to deactivate, and how the bus is meanwhile.

use switchboard_testkit::Shape;

use super::way::{BusIs, Way};

/// One case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Case {
    pub(super) shape: Shape,
    pub(super) way: Way,
    pub(super) bus: BusIs,
    /// Whether it is tried with every `make test` too.
    pub(super) short: bool,
}

/// All that are tried. A split web part is deaf without its bus, and lets its staff go; so there it is always up.
pub(super) const CASES: [Case; 12] = [
    case(Shape::Embedded, Way::Program, BusIs::Up, true),
    case(Shape::Embedded, Way::Row, BusIs::Up, true),
    case(Shape::Embedded, Way::Gone, BusIs::Up, false),
    case(Shape::Cluster, Way::Program, BusIs::Up, false),
    case(Shape::Cluster, Way::Row, BusIs::Up, false),
    case(Shape::Cluster, Way::Gone, BusIs::Up, true),
    case(Shape::Cluster, Way::Program, BusIs::Killed, true),
    case(Shape::Cluster, Way::Row, BusIs::Killed, false),
    case(Shape::Cluster, Way::Program, BusIs::Frozen, false),
    case(Shape::Cluster, Way::Gone, BusIs::Frozen, false),
    case(Shape::Split, Way::Program, BusIs::Up, false),
    case(Shape::Split, Way::Row, BusIs::Up, false),
];

const fn case(shape: Shape, way: Way, bus: BusIs, short: bool) -> Case {
    Case { shape, way, bus, short }
}

impl Case {
    /// The part of a plan that it belongs to.
    pub(super) fn name(&self) -> &'static str {
        self.way.name()
    }
}
