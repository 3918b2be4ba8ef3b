package io.duramen.wal.io;

/// What a copy from file to file moved, and by which way.
///
/// @param kernelBytes copied by copy_file_range(2), which on some file systems shares blocks and
///     moves nothing
/// @param processBytes read and written by this process, because the system cannot copy between
///     the two files by itself: they are on different file systems, or theirs does not offer it
public record CopyResult(long kernelBytes, long processBytes) {
    public long copiedBytes() {
        return kernelBytes + processBytes;
    }
}
