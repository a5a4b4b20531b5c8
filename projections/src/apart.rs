//! A node of its own for tests, which can be frozen in the middle of whatever it does, as a process that is stopped is.
//! Nothing of the product.

use std::future::Future;
use std::sync::mpsc;

use tokio::sync::oneshot;

/// A node on a thread and a runtime of its own, as if it were another process.
pub(crate) struct Apart {
    freeze: oneshot::Sender<oneshot::Sender<()>>,
    thaw: mpsc::Sender<()>,
    stop: oneshot::Sender<()>,
    thread: std::thread::JoinHandle<()>,
}

impl Apart {
    /// Starts what `start` does, and waits for it. It is ended by `end`.
    pub async fn start<Node, Started, Ended>(
        start: impl FnOnce() -> Started + Send + 'static,
        end: impl FnOnce(Node) -> Ended + Send + 'static,
    ) -> Self
    where
        Started: Future<Output = Node>,
        Ended: Future,
    {
        let (freeze, frozen) = oneshot::channel::<oneshot::Sender<()>>();
        let (thaw, thawed) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let (tell, started) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            let node = runtime.block_on(start());
            tell.send(()).expect("the test waits");
            // Nothing of the node moves but inside of `block_on`.
            if let Ok(tell) = runtime.block_on(frozen) {
                tell.send(()).expect("the test waits");
                thawed.recv().expect("the test thaws it");
                runtime.block_on(async {
                    stopped.await.expect("the test stops it");
                    end(node).await;
                });
            }
        });
        started.await.expect("it starts");
        Self { freeze, thaw, stop, thread }
    }

    /// Returns once nothing of it moves any more.
    pub async fn freeze(self) -> Frozen {
        let (tell, told) = oneshot::channel();
        self.freeze.send(tell).expect("it runs");
        told.await.expect("it freezes");
        Frozen { thaw: self.thaw, stop: self.stop, thread: self.thread }
    }
}

/// A node that hangs.
pub(crate) struct Frozen {
    thaw: mpsc::Sender<()>,
    stop: oneshot::Sender<()>,
    thread: std::thread::JoinHandle<()>,
}

impl Frozen {
    /// Goes on where it was.
    pub fn thaw(&self) {
        self.thaw.send(()).expect("it is frozen");
    }

    pub async fn stop(self) {
        self.stop.send(()).expect("it runs");
        tokio::task::spawn_blocking(|| self.thread.join()).await.expect("waited for").expect("it ends in order");
    }
}
