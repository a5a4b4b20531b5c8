//! A cable between a process and a server: everything between them goes through here, and can be cut. It knows
//! nothing of what goes through.
//!
//! Network namespaces would cut deeper, but only for root and only where the kernel lets a container have them;
//! a relay in the test does the same for everybody and everywhere. What a cut cable does is all there: bytes under way
//! stay under way, nobody is told, new connections hear nothing, and what was held arrives late when the cable is
//! mended, which is what a log has to be fenced against. What is not there: the process that is cut off does not
//! see its connects time out; it sees them succeed and then no greeting, which is no kinder.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Bytes on their way in one direction, beside those that the kernel holds.
const UNDER_WAY: usize = 64 * 1024;

/// What happens to bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cable {
    /// They go through.
    Whole,
    /// They are held, in both directions, and nobody is told. They go on once it is whole again.
    Held,
    /// Every connection is reset, and each new one as well, as by a firewall that says so.
    Refused,
}

/// Listens on a port of its own. Dropping it ends what goes through it.
pub struct Proxy {
    pub address: SocketAddr,
    cable: watch::Sender<Cable>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Begins to relay to `server`, which need not be there yet.
    ///
    /// # Panics
    /// When no port can be had.
    pub async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, crate::machine::free_port())).await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let (cable, _) = watch::channel(Cable::Whole);
        let accepting = tokio::spawn(accept(listener, server, cable.clone()));
        Self { address, cable, accepting }
    }

    pub fn set(&self, cable: Cable) {
        self.cable.send_replace(cable);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cable.send_replace(Cable::Refused);
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, cable: watch::Sender<Cable>) {
    loop {
        match listener.accept().await {
            Ok((client, _)) => drop(tokio::spawn(relay(client, server, cable.subscribe()))),
            // Out of descriptors, or the client has gone already: the next one may do better.
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

/// One connection, until either end of it is over or the cable refuses it.
async fn relay(client: TcpStream, server: SocketAddr, cable: watch::Receiver<Cable>) {
    if !whole(&mut cable.clone()).await {
        return reset(&client);
    }
    let Ok(upstream) = TcpStream::connect(server).await else { return reset(&client) };
    for stream in [&client, &upstream] {
        // Without it, it would add delays of its own; an end that has gone already is found out below.
        let _ = stream.set_nodelay(true);
    }
    let ((from_client, mut to_client), (from_server, mut to_server)) = (client.into_split(), upstream.into_split());
    let refused = async {
        // The sender going away is the proxy going away.
        let _ = cable.clone().wait_for(|cable| *cable == Cable::Refused).await;
    };
    let (there, back) = (pump(from_client, &mut to_server, cable.clone()), pump(from_server, &mut to_client, cable.clone()));
    let both = async { tokio::try_join!(there, back) };
    let whole = tokio::select! {
        ended = both => ended.is_ok(),
        () = refused => false,
    };
    if !whole {
        reset(to_client.as_ref());
        reset(to_server.as_ref());
    }
}

/// Carries bytes one way. Its error is that the connection ends without an orderly close.
async fn pump(mut from: OwnedReadHalf, to: &mut OwnedWriteHalf, mut cable: watch::Receiver<Cable>) -> Result<(), Lost> {
    let mut bytes = vec![0; UNDER_WAY];
    loop {
        let count = from.read(&mut bytes).await.map_err(|_| Lost)?;
        // An end of the stream is held like everything else.
        if !whole(&mut cable).await {
            return Err(Lost);
        }
        if count == 0 {
            return to.shutdown().await.map_err(|_| Lost);
        }
        to.write_all(&bytes[..count]).await.map_err(|_| Lost)?;
    }
}

/// The connection is lost.
struct Lost;

/// Waits while the cable is held; whether it is whole then.
async fn whole(cable: &mut watch::Receiver<Cable>) -> bool {
    cable.wait_for(|cable| *cable != Cable::Held).await.is_ok_and(|cable| *cable == Cable::Whole)
}

/// Has the socket answer with a reset when it is dropped, and not with an orderly close.
fn reset(stream: &TcpStream) {
    // A socket that is gone needs none.
    let _ = stream.set_zero_linger();
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// A server that sends back what it gets, and a connection to it through a proxy.
    async fn echo() -> (Proxy, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let proxy = Proxy::start(listener.local_addr().expect("it is bound")).await;
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    tokio::io::copy(&mut from, &mut to).await
                });
            }
        });
        let stream = TcpStream::connect(proxy.address).await.expect("it listens");
        (proxy, stream)
    }

    async fn returned(stream: &mut TcpStream) -> std::io::Result<u8> {
        stream.read_u8().await
    }

    #[tokio::test]
    async fn what_was_held_arrives_when_the_cable_is_mended() {
        let (proxy, mut stream) = echo().await;
        stream.write_u8(1).await.expect("it is sent");
        assert_eq!(returned(&mut stream).await.expect("it comes back"), 1);

        proxy.set(Cable::Held);
        stream.write_u8(2).await.expect("the kernel takes it");
        let silence = tokio::time::timeout(Duration::from_millis(200), returned(&mut stream)).await;
        assert!(silence.is_err(), "it went through a cut cable: {silence:?}");
        let mut newcomer = TcpStream::connect(proxy.address).await.expect("nobody is told");
        newcomer.write_u8(3).await.expect("the kernel takes it");

        proxy.set(Cable::Whole);
        assert_eq!(returned(&mut stream).await.expect("it comes late"), 2);
        assert_eq!(returned(&mut newcomer).await.expect("it comes late"), 3);
    }

    #[tokio::test]
    async fn a_refusal_ends_connections_that_are_open_held_and_new() {
        let (proxy, mut open) = echo().await;
        open.write_u8(1).await.expect("it is sent");
        assert_eq!(returned(&mut open).await.expect("it comes back"), 1);
        proxy.set(Cable::Held);
        let mut held = TcpStream::connect(proxy.address).await.expect("nobody is told");
        proxy.set(Cable::Refused);
        for stream in [&mut open, &mut held] {
            assert!(returned(stream).await.is_err());
        }
        if let Ok(mut new) = TcpStream::connect(proxy.address).await {
            assert!(returned(&mut new).await.is_err());
        }
        proxy.set(Cable::Whole);
        let mut again = TcpStream::connect(proxy.address).await.expect("it listens");
        again.write_u8(4).await.expect("it is sent");
        assert_eq!(returned(&mut again).await.expect("it comes back"), 4);
    }
}
