package io.duramen.wal.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Memory in which every byte is the same.
final class MemoryPattern {
    private MemoryPattern() {}

    static boolean isFilledWith(MemorySegment memory, int value) {
        for (long i = 0; i < memory.byteSize(); i++) {
            if (memory.get(ValueLayout.JAVA_BYTE, i) != (byte) value) {
                return false;
            }
        }
        return true;
    }
}
