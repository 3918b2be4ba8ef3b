package io.duramen.wal.benchmarks.contestant;

import java.io.IOException;
import java.util.Map;

/// A log that is open to be measured, ours or a peer's. What it can do is said by the interfaces
/// below; a workload asks for the one it needs. Closing it ends it in order.
public interface Contestant extends AutoCloseable {
    /// Fact: what moves the bytes.
    String DRIVER = "driver";
    /// Fact: how they reach the file.
    String MODE = "mode";
    /// Fact: when data is on the device.
    String SYNC = "synced";

    /// What is in effect, by the names above, and the version where it is not ours.
    Map<String, String> facts();

    /// Takes entries from many callers that each wait for their answer.
    interface Calling extends Contestant {
        /// A caller; each belongs to one thread.
        Caller caller() throws Exception;
    }

    /// Appends one entry at a time.
    interface Caller {
        /// Returns when the entry is as durable as the case asks.
        ///
        /// @return the entry's id, where the contestant has such, else -1
        long append() throws Exception;
    }

    /// Takes many entries from one caller.
    interface Bulk extends Contestant {
        /// Appends entries and returns when all of them are as durable as the case asks.
        void appendAll(long count) throws Exception;
    }

    /// Reads what was appended, from the beginning.
    interface Replaying extends Contestant {
        /// Reads every entry.
        ///
        /// @return bytes of payload seen
        long replay() throws Exception;
    }

    @Override
    void close() throws IOException;
}
