/// A durable log in a Java process: the API is in [io.duramen.wal.log].
///
/// `io.duramen.wal.os` stays hidden: nobody outside calls the operating system past the I/O
/// contract.
///
/// Chronicle Bytes and HdrHistogram have no module descriptor, hence the suppressed warnings.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module io.duramen.wal.core {
    requires jdk.jfr;
    requires transitive chronicle.bytes;
    requires chronicle.core;
    requires HdrHistogram;
    requires java.logging;
    requires jdk.unsupported;
    requires org.jctools.core;

    exports io.duramen.wal;
    exports io.duramen.wal.bench;
    exports io.duramen.wal.bytes;
    exports io.duramen.wal.format;
    exports io.duramen.wal.fragment;
    exports io.duramen.wal.io;
    exports io.duramen.wal.io.posix;
    exports io.duramen.wal.io.uring;
    exports io.duramen.wal.log;
    exports io.duramen.wal.memory;
    exports io.duramen.wal.probe;
}
