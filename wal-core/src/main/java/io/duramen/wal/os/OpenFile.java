package io.duramen.wal.os;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/// What [Transfer] moves bytes to and from: a file that stays open while it is in use.
///
/// The calls below return what C returns, or the negative error number; one that knows no error
/// numbers throws `WalException.Io` instead. They are made between [#tryUse()] and [#endUse()].
public interface OpenFile {
    Path path();

    /// Keeps the file open until [#endUse()].
    ///
    /// @return false where it is closed; then there is nothing to end
    boolean tryUse();

    /// As [#tryUse()].
    ///
    /// @throws io.duramen.wal.WalException.Closed where it is closed
    void use();

    void endUse();

    /// 0 at the end of the file and behind it.
    long pread(MemorySegment into, long offset);

    long pwrite(MemorySegment bytes, long offset);

    /// Moves as many of the pieces as one call can, or a part of them.
    ///
    /// @param pieces the first is not empty
    long preadv(List<MemorySegment> pieces, long offset);

    /// As [#preadv(List, long)].
    long pwritev(List<MemorySegment> pieces, long offset);

    int fdatasync();

    int fsync();

    /// Mode 0.
    int fallocate(long offset, long lengthBytes);
}
