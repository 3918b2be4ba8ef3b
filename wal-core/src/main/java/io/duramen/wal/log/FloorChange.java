package io.duramen.wal.log;

/// What a consumer asks for its floor.
public sealed interface FloorChange {
    String consumer();

    /// Holds back trimming from this floor's id on, on the device when it is answered; replaces the
    /// consumer's floor where it has one.
    record Set(Floor floor) implements FloorChange {
        @Override
        public String consumer() {
            return floor.consumer();
        }
    }

    /// Raises a consumer's floor; one that is that high stays, so that confirmations may come out
    /// of order. After a crash it may be lower, and never higher.
    ///
    /// @param id the first entry the consumer still needs
    record Raise(String consumer, long id) implements FloorChange {}

    /// Ends a consumer's floor.
    record Remove(String consumer) implements FloorChange {}
}
