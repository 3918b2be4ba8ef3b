package io.duramen.wal.io;

import io.duramen.wal.WalException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// What a file asks of the transfers it takes: memory addresses are multiples of `memoryBytes`,
/// offsets and lengths multiples of `offsetBytes`.
///
/// The check lives here. A scheduler driver asks it through
/// [IoFile#requireAligned(MemorySegment, long)] for each read and write it is given, before any
/// system call: the kernel would answer EINVAL without saying why, or go through the page cache
/// without saying so.
///
/// @param memoryBytes alignment of a buffer's address, a power of two
/// @param offsetBytes alignment of offsets and lengths, a power of two
public record DirectAlignment(int memoryBytes, int offsetBytes) {
    /// A buffered file takes any transfer.
    public static final DirectAlignment NONE = new DirectAlignment(1, 1);

    /// For a file system that does direct I/O and does not say how: a multiple of every logical
    /// block that devices have, 512 and 4096 bytes.
    public static final DirectAlignment UNSTATED = new DirectAlignment(4096, 4096);

    public DirectAlignment {
        if (Integer.bitCount(memoryBytes) != 1 || Integer.bitCount(offsetBytes) != 1
                || memoryBytes < 0 || offsetBytes < 0) {
            throw new IllegalArgumentException("alignment [" + memoryBytes + ", " + offsetBytes
                    + "] must be powers of two");
        }
    }

    public boolean isMet(MemorySegment bytes, long offset) {
        return ((offset | bytes.byteSize()) & (offsetBytes - 1)) == 0
                && (bytes.address() & (memoryBytes - 1)) == 0;
    }

    /// @throws WalException.Misaligned where the file does not take the transfer
    public void require(Path file, MemorySegment bytes, long offset) {
        if (!isMet(bytes, offset)) {
            throw new WalException.Misaligned(file, offset, bytes.byteSize(), "its buffer is at "
                    + (bytes.address() & (memoryBytes - 1)) + " modulo " + memoryBytes
                    + ": offset and length must be multiples of " + offsetBytes
                    + ", the buffer's address one of " + memoryBytes);
        }
    }
}
