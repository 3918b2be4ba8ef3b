package io.duramen.wal.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Writes where no segment of a pool reaches, as the kernel can, or foreign code with a pointer.
final class OutOfBounds {
    private OutOfBounds() {}

    @SuppressWarnings("restricted")
    static void write(long address) {
        MemorySegment.ofAddress(address).reinterpret(1).set(ValueLayout.JAVA_BYTE, 0, (byte) 0x11);
    }
}
