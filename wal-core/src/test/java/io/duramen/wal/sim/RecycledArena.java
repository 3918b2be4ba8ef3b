package io.duramen.wal.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Memory that the next one gets when this one is closed. To free a shared arena stops every thread
/// of the process for a moment, which a search over a million crashes cannot afford.
///
/// What was allocated stays accessible for ever: who keeps a segment sees the bytes of another
/// machine. Any thread may use it.
final class RecycledArena implements Arena {
    private static final Map<Long, Deque<MemorySegment>> FREE = new HashMap<>();
    private static final long ALIGNMENT_BYTES = 4096;

    private final List<MemorySegment> lent = new ArrayList<>();

    @Override
    public MemorySegment allocate(long sizeBytes, long alignmentBytes) {
        if (alignmentBytes > ALIGNMENT_BYTES) {
            throw new IllegalArgumentException("alignment [" + alignmentBytes + "] of more than "
                    + ALIGNMENT_BYTES);
        }
        synchronized (FREE) {
            MemorySegment free = FREE.computeIfAbsent(sizeBytes, _ -> new ArrayDeque<>()).poll();
            MemorySegment memory = free != null ? free.fill((byte) 0)
                    : Arena.global().allocate(sizeBytes, ALIGNMENT_BYTES);
            lent.add(memory);
            return memory;
        }
    }

    @Override
    public MemorySegment.Scope scope() {
        return Arena.global().scope();
    }

    @Override
    public void close() {
        synchronized (FREE) {
            lent.forEach(memory -> FREE.get(memory.byteSize()).push(memory));
            lent.clear();
        }
    }
}
