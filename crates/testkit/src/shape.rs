//! The shapes in which Switchboard runs.

/// How the program is put together. Tests that make sense everywhere run in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One `serve` with its SQLite file and the bus in process: what a newcomer gets.
    Embedded,
    /// Two `serve` nodes over one `nats-server` and one MariaDB.
    Cluster,
    /// `web`, `dbmgr`, `automation chat` and `automation mat`, a process each, over NATS and MariaDB.
    Split,
}

impl Shape {
    /// Whether it has a `nats-server` and a MariaDB.
    #[must_use]
    pub fn is_networked(self) -> bool {
        self != Self::Embedded
    }
}

/// Makes one test per shape out of each function `async fn(Shape) -> anyhow::Result<()>` of the module:
/// `on_shapes!(Embedded, Cluster: one_behaviour, another);`.
#[macro_export]
macro_rules! on_shapes {
    ($($shape:ident),+ : $tests:tt) => {
        $( $crate::on_shapes!(@shape $shape $tests); )+
    };
    (@shape Embedded $tests:tt) => { $crate::on_shapes!(@module embedded Embedded $tests); };
    (@shape Cluster $tests:tt) => { $crate::on_shapes!(@module cluster Cluster $tests); };
    (@shape Split $tests:tt) => { $crate::on_shapes!(@module split Split $tests); };
    (@module $module:ident $shape:ident [$($test:ident),+ $(,)?]) => {
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() -> anyhow::Result<()> {
                    let outcome = Box::pin(super::$test($crate::Shape::$shape)).await;
                    if outcome.is_err() {
                        $crate::process::print_ended();
                    }
                    outcome
                }
            )+
        }
    };
}
