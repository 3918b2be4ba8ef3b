package io.duramen.wal.os;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/// What statx(2) says about direct I/O on an open file (STATX_DIOALIGN, Linux 6.1).
///
/// @param isStated whether the kernel and the file system say anything; where they do not, direct
///     I/O may work or not, and the other fields are 0
/// @param memoryBytes alignment it asks of buffers, 0 where it does no direct I/O on the file
/// @param offsetBytes alignment it asks of offsets and lengths, 0 as before
public record DirectIoStatus(boolean isStated, int memoryBytes, int offsetBytes) {
    // struct statx, linux/stat.h; FileStatus names what lies between
    private static final StructLayout LAYOUT = structLayout(JAVA_INT.withName("stx_mask"),
            paddingLayout(148), JAVA_INT.withName("stx_dio_mem_align"),
            JAVA_INT.withName("stx_dio_offset_align"), paddingLayout(96));
    private static final VarHandle MASK = LAYOUT.varHandle(groupElement("stx_mask"));
    private static final VarHandle MEMORY = LAYOUT.varHandle(groupElement("stx_dio_mem_align"));
    private static final VarHandle OFFSET =
            LAYOUT.varHandle(groupElement("stx_dio_offset_align"));

    private static final int STATX_DIOALIGN = 0x2000;

    public static DirectIoStatus of(Descriptor descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(LAYOUT);
            descriptor.call("statx", fd -> SpaceCalls.statx(fd, STATX_DIOALIGN, status));
            boolean stated = ((int) MASK.get(status, 0L) & STATX_DIOALIGN) != 0;
            return stated
                    ? new DirectIoStatus(true, (int) MEMORY.get(status, 0L),
                            (int) OFFSET.get(status, 0L))
                    : new DirectIoStatus(false, 0, 0);
        }
    }

    /// True where the file system says that it does no direct I/O on the file.
    public boolean isRefused() {
        return isStated && (memoryBytes == 0 || offsetBytes == 0);
    }
}
