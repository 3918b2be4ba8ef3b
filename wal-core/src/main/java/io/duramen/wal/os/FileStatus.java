package io.duramen.wal.os;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// What statx(2) says about an open file.
///
/// @param sizeBytes its length
/// @param allocatedBytes what its blocks occupy; less than the length where it has holes
public record FileStatus(long sizeBytes, long allocatedBytes) {
    // struct statx, linux/stat.h; what follows the blocks is not asked for
    private static final StructLayout LAYOUT = structLayout(
            JAVA_INT.withName("stx_mask"), JAVA_INT.withName("stx_blksize"),
            JAVA_LONG.withName("stx_attributes"), JAVA_INT.withName("stx_nlink"),
            JAVA_INT.withName("stx_uid"), JAVA_INT.withName("stx_gid"),
            JAVA_SHORT.withName("stx_mode"), paddingLayout(2), JAVA_LONG.withName("stx_ino"),
            JAVA_LONG.withName("stx_size"), JAVA_LONG.withName("stx_blocks"),
            paddingLayout(200));
    private static final VarHandle SIZE = LAYOUT.varHandle(groupElement("stx_size"));
    private static final VarHandle BLOCKS = LAYOUT.varHandle(groupElement("stx_blocks"));

    private static final int STATX_SIZE = 0x200;
    private static final int STATX_BLOCKS = 0x400;

    /// The unit of `stx_blocks`, whatever the file system's own block is.
    private static final long STX_BLOCK_BYTES = 512;

    public static FileStatus of(Descriptor descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(LAYOUT);
            descriptor.call("statx",
                    fd -> SpaceCalls.statx(fd, STATX_SIZE | STATX_BLOCKS, status));
            return new FileStatus((long) SIZE.get(status, 0L),
                    (long) BLOCKS.get(status, 0L) * STX_BLOCK_BYTES);
        }
    }
}
