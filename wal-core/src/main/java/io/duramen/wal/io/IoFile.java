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

    /// Gives a range real blocks as [#allocate(long, long)] does, and keeps the file's length, also
    /// where the range lies behind it.
    ///
    /// @throws io.duramen.wal.WalException.Unsupported where the file system cannot; nothing has
    ///     changed
    void reserve(long offset, long lengthBytes);

    /// Makes a range read as zero and keeps, or gives, its blocks; extends the file where it is
    /// shorter. Where the file system cannot do that at once, zeros are written. Nobody writes to
    /// the range meanwhile.
    void zero(long offset, long lengthBytes);

    /// Cuts or extends the file; what it grows by reads as zero and has no blocks.
    void resize(long sizeBytes);

    /// Gives the whole blocks inside `[offset, offset + lengthBytes)` back to the file system,
    /// rounding inward; what was given back reads as zero afterwards and the length stays.
    ///
    /// @return bytes that the file occupies less than before: fewer than the range's where it had
    ///     holes; 0 where it has no whole block or the file system cannot, now or ever, and then
    ///     nothing has changed. A writer elsewhere in the file meanwhile makes this inexact.
    long punchHole(long offset, long lengthBytes);

    /// Where at or behind `offset` the first byte may lie that is not zero. Blocks that were never
    /// written, or were given back, need not be read to know that they are zeros.
    ///
    /// @return the file's length where there is none; `offset` itself where this system cannot tell
    long dataFrom(long offset);

    /// Lets others know, as long as this opening of the file lasts, that its content is relied on.
    /// Any number of openings may, in any process. Where a system cannot make it known, this does
    /// nothing, and [#mayBeShared()] says so.
    void share();

    /// Whether another opening of the file, in this process or in another, has called [#share()].
    ///
    /// @return true also where this system cannot tell
    boolean mayBeShared();

    /// Copies bytes to another file of the same disk, or to another place of this one that does not
    /// overlap, as far as this file goes; the other is extended where it is shorter. Both are
    /// open through the page cache. After a failure a part may be copied.
    CopyResult copyTo(long offset, long lengthBytes, IoFile target, long targetOffset);

    /// Tells the kernel how a range of this file will be read; length 0 is up to the file's end.
    ///
    /// @return false where this system takes no such advice; then nothing has changed
    boolean advise(long offset, long lengthBytes, AccessAdvice advice);

    /// Starts writing to the device what is in the page cache for a range, so that a later sync has
    /// less to do. It promises nothing: what is durable is decided by a sync, which also reports
    /// the errors.
    ///
    /// @return false where this system cannot (sync_file_range(2)); then nothing has changed
    boolean startWriteback(long offset, long lengthBytes);

    /// Maps the file's bytes, shared, from `offset` on. The mapping lives until `arena` closes,
    /// also when the file is closed first. `offset` is a multiple of the page size.
    MemorySegment map(Mapping mode, long offset, long sizeBytes, Arena arena);

    /// Tells the kernel how a range of a mapping of this file will be used, or prepares it for
    /// that. The range is widened to whole pages. A mapping outlives its file, so this works on a
    /// closed one too.
    ///
    /// @param mapping what [#map] returned, or a part of it that starts on a page of memory
    /// @param offset where in `mapping` the range starts
    /// @return false where this system does not know the advice; then nothing has changed
    /// @throws io.duramen.wal.WalException.Io where a page cannot be made present: the disk is
    ///     full, the device failed, or the file ends before the page. Storing there would end the
    ///     process.
    boolean advise(MemorySegment mapping, long offset, long lengthBytes, MappingAdvice advice);

    /// What this file asks of each transfer's memory, offset and length; [DirectAlignment#NONE]
    /// where it was opened through the page cache.
    DirectAlignment directAlignment();

    /// Refuses a transfer that [#directAlignment()] does not allow. Scheduler drivers call this
    /// for each read and write, before any system call.
    ///
    /// @throws io.duramen.wal.WalException.Misaligned where it does not
    default void requireAligned(MemorySegment bytes, long offset) {
        directAlignment().require(path(), bytes, offset);
    }

    @Override
    void close();

    /// What a mapping may be used for.
    enum Mapping {
        READ_ONLY, READ_WRITE
    }
}
