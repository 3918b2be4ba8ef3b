package io.duramen.wal.tools;

import org.apache.pekko.util.ByteString;

/// Cuts input into entries. It is fed chunks and asked for entries until it needs the next chunk;
/// time and memory are linear in what is fed, whatever the size of an entry.
interface Splitter {
    /// Takes the next chunk; all entries of the one before have been asked for.
    void feed(ByteString chunk);

    /// The next entry, or null where it needs more input.
    ///
    /// @throws io.duramen.wal.WalException.TooLarge where the entry is larger than the log takes
    ByteString next();

    /// The input has ended: what is left, or null where that is nothing.
    ///
    /// @throws CommandFailure where the input ends inside an entry
    ByteString end();
}
