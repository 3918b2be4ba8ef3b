package io.duramen.wal.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// A file's content twice: as the operating system shows it, and as it is on the device; and the
/// writes between the two, in order. Power failure leaves of each sector any of the states it went
/// through since the last sync.
final class SimFile {
    static final int SECTOR = 512;
    private static final int CACHE_BYTES_MAX = 32 << 10;

    private record Write(long offset, byte[] bytes) {
        boolean touches(long sector) {
            long start = sector * SECTOR;
            return offset < start + SECTOR && offset + bytes.length > start;
        }
    }

    private final MemorySegment cache;
    private final List<Write> unsynced = new ArrayList<>();
    private byte[] device = new byte[0];
    private long sizeBytes;
    private boolean mappedForWriting;

    SimFile(Arena memory) {
        cache = memory.allocate(CACHE_BYTES_MAX, 4096);
    }

    /// A file that was on the device when the power came back.
    static SimFile onDevice(byte[] content, Arena memory) {
        SimFile file = new SimFile(memory);
        file.device = content;
        file.sizeBytes = content.length;
        MemorySegment.copy(content, 0, file.cache, ValueLayout.JAVA_BYTE, 0, content.length);
        return file;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    void resize(long newSizeBytes) {
        if (newSizeBytes > CACHE_BYTES_MAX) {
            throw new IllegalArgumentException("too large for a simulated file: " + newSizeBytes);
        }
        if (newSizeBytes < sizeBytes) {
            cache.asSlice(newSizeBytes, sizeBytes - newSizeBytes).fill((byte) 0);
        }
        sizeBytes = newSizeBytes;
    }

    void write(MemorySegment bytes, long offset) {
        if (offset + bytes.byteSize() > sizeBytes) {
            resize(offset + bytes.byteSize());
        }
        MemorySegment.copy(bytes, 0, cache, offset, bytes.byteSize());
        unsynced.add(new Write(offset, bytes.toArray(ValueLayout.JAVA_BYTE)));
    }

    long read(MemorySegment into, long offset) {
        long bytes = Math.max(0, Math.min(into.byteSize(), sizeBytes - offset));
        MemorySegment.copy(cache, offset, into, 0, bytes);
        return bytes;
    }

    void zero(long offset, long lengthBytes) {
        write(MemorySegment.ofArray(new byte[(int) lengthBytes]), offset);
    }

    MemorySegment map(boolean forWriting, long offset, long lengthBytes) {
        mappedForWriting |= forWriting;
        MemorySegment mapping = cache.asSlice(offset, lengthBytes);
        return forWriting ? mapping : mapping.asReadOnly();
    }

    void sync() {
        device = content();
        unsynced.clear();
    }

    byte[] content() {
        return cache.asSlice(0, sizeBytes).toArray(ValueLayout.JAVA_BYTE);
    }

    /// What the device holds after the power failed.
    byte[] afterPowerFailure(Random random) {
        boolean newSize = random.nextBoolean();
        byte[] left = Arrays.copyOf(device, newSize ? (int) sizeBytes : device.length);
        for (long sector = 0; sector * SECTOR < left.length; sector++) {
            if (mappedForWriting) {
                keepMappedSector(left, sector, random);
            } else {
                keepWrites(left, sector, random);
            }
        }
        return left;
    }

    private void keepMappedSector(byte[] left, long sector, Random random) {
        if (random.nextBoolean()) {
            int start = (int) (sector * SECTOR);
            int bytes = Math.min(SECTOR, (int) Math.min(left.length, sizeBytes) - start);
            if (bytes > 0) {
                MemorySegment.copy(cache, ValueLayout.JAVA_BYTE, start, left, start, bytes);
            }
        }
    }

    private void keepWrites(byte[] left, long sector, Random random) {
        List<Write> touching =
                unsynced.stream().filter(write -> write.touches(sector)).toList();
        int kept = touching.isEmpty() ? 0 : random.nextInt(touching.size() + 1);
        for (Write write : touching.subList(0, kept)) {
            long from = Math.max(write.offset(), sector * SECTOR);
            long to = Math.min(Math.min(write.offset() + write.bytes().length,
                    (sector + 1) * SECTOR), left.length);
            if (to > from) {
                System.arraycopy(write.bytes(), (int) (from - write.offset()), left, (int) from,
                        (int) (to - from));
            }
        }
    }
}
