package io.duramen.wal.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// An open file of a [Disk]. Data is read and written through the [IoScheduler]; what is here is
/// about the file itself and happens at once, on the calling thread.
///
/// Any thread may call. The descriptor stays open while a call or a scheduled operation uses it:
/// `close` makes later calls fail with `WalException.Closed` and gives the descriptor back when
/// the last use ends.
public interface IoFile extends AutoCloseable {
    /// The name it was opened by; a later rename does not change it.
    Path path();

    /// The file's length now, in bytes.
    long sizeBytes();

    /// Gives `[offset, offset + lengthBytes)` real blocks, and extends the file where it is
    /// shorter. Bytes that were there stay, what is new reads as zero. A full disk fails here, so
    /// that no later write into the range can meet one; after a failure the file may have a part of
    /// what was asked for. Nobody writes to the range meanwhile.
    void allocate(long offset, long lengthBytes);

    /// Cuts or extends the file; what it grows by reads as zero and has no blocks.
    void resize(long sizeBytes);

    /// Gives the whole blocks inside `[offset, offset + lengthBytes)` back to the file system,
    /// rounding inward; what was given back reads as zero afterwards and the length stays.
    ///
    /// @return bytes given back, 0 where the range holds no whole block or the file system cannot,
    ///     now or ever; then nothing has changed
    long punchHole(long offset, long lengthBytes);

    /// Maps the file's bytes, shared, from `offset` on. The mapping lives until `arena` closes,
    /// also when the file is closed first. `offset` is a multiple of the page size.
    MemorySegment map(Mapping mode, long offset, long sizeBytes, Arena arena);

    @Override
    void close();

    /// What a mapping may be used for.
    enum Mapping {
        READ_ONLY, READ_WRITE
    }
}
