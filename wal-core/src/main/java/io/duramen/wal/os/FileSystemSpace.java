package io.duramen.wal.os;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// What fstatvfs(3) says about the file system an open file or directory is on.
///
/// @param totalBytes its size; 0 where it has no limit of its own, as one in plain memory may not
/// @param freeBytes what is not in use, the super-user's reserve included
/// @param usableBytes what an ordinary user may still allocate
public record FileSystemSpace(long totalBytes, long freeBytes, long usableBytes) {
    // struct statvfs of 64-bit Linux, bits/statvfs.h
    private static final StructLayout LAYOUT = structLayout(JAVA_LONG.withName("f_bsize"),
            JAVA_LONG.withName("f_frsize"), JAVA_LONG.withName("f_blocks"),
            JAVA_LONG.withName("f_bfree"), JAVA_LONG.withName("f_bavail"), paddingLayout(72));
    private static final VarHandle FRSIZE = LAYOUT.varHandle(groupElement("f_frsize"));
    private static final VarHandle BLOCKS = LAYOUT.varHandle(groupElement("f_blocks"));
    private static final VarHandle BFREE = LAYOUT.varHandle(groupElement("f_bfree"));
    private static final VarHandle BAVAIL = LAYOUT.varHandle(groupElement("f_bavail"));

    /// Where there is no limit the other numbers say nothing.
    public boolean hasLimit() {
        return totalBytes > 0;
    }

    public static FileSystemSpace of(Descriptor descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment space = arena.allocate(LAYOUT);
            descriptor.call("fstatvfs", fd -> SpaceCalls.fstatvfs(fd, space));
            long unitBytes = (long) FRSIZE.get(space, 0L);
            return new FileSystemSpace((long) BLOCKS.get(space, 0L) * unitBytes,
                    (long) BFREE.get(space, 0L) * unitBytes,
                    (long) BAVAIL.get(space, 0L) * unitBytes);
        }
    }
}
