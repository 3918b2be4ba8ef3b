package io.duramen.wal.io.uring;

/// Entries that were put into the ring together, and what is done when all of them have come back.
/// It has a slot of the loop's table for that time. Only the ring's thread calls.
sealed interface Flight permits RingChain, WriteRun {
    /// At most this many entries will be put.
    int entriesNeeded();

    /// Places for pieces of memory that the first of these entries needs.
    int piecesNeeded();

    /// Puts the entries.
    ///
    /// @return how many
    int put(RingEntries entries, int slot);

    /// Whether nothing was linked behind this entry.
    boolean isLast(int index);

    /// Takes the result of one entry.
    ///
    /// @return true where it was the last
    boolean completed(int index, int result);

    /// Asks the kernel to give up what is outstanding. Everything comes back all the same.
    void cancel(RingEntries entries);

    /// All results are there.
    void landed(RingLoop loop);
}
