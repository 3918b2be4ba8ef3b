package io.duramen.wal.sim;

import io.duramen.wal.sim.SimFaults.Unsynced;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

/// A file's content twice: as the operating system shows it, and as it is on the device; and
/// between the two, of each sector, the contents it has had since the last sync. When the power
/// fails the device holds any one of them, of each sector by itself.
///
/// What is stored through a mapping counts as written when somebody looks, which is before every
/// step of the disk. A sector that was being stored to may reach the device half.
final class SimFile {
    static final int SECTOR = 512;
    static final int BYTES_MAX = 32 << 10;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    /// What a processor hands to memory at once.
    private static final int LINE = 64;
    /// Ways in which a sector that is being stored to may be half old and half new.
    private static final int MIXTURES = 4;
    private static final int PAGE = 4096;

    /// A content that a sector had.
    ///
    /// @param stored through a mapping
    private record Version(byte[] bytes, boolean stored) {}

    private final MemorySegment cache;
    /// What `cache` held when somebody last looked for stores.
    private final byte[] seen;
    private final byte[] device;
    private final TreeMap<Integer, List<Version>> unsynced = new TreeMap<>();
    private long sizeBytes;
    private long deviceSizeBytes;
    private boolean mappedForWriting;

    SimFile(Arena memory) {
        this(BYTES_MAX, memory);
    }

    private SimFile(int bytesMax, Arena memory) {
        cache = memory.allocate(bytesMax, PAGE);
        seen = new byte[bytesMax];
        device = new byte[bytesMax];
    }

    /// A file that was on the device when the power came back; it may grow by a page.
    static SimFile onDevice(byte[] content, Arena memory) {
        return new SimFile(content, memory);
    }

    private SimFile(byte[] content, Arena memory) {
        this((content.length / PAGE + 1) * PAGE, memory);
        sizeBytes = content.length;
        deviceSizeBytes = content.length;
        System.arraycopy(content, 0, device, 0, content.length);
        System.arraycopy(content, 0, seen, 0, content.length);
        MemorySegment.copy(content, 0, cache, BYTE, 0, content.length);
    }

    long sizeBytes() {
        return sizeBytes;
    }

    void resize(long newSizeBytes) {
        if (newSizeBytes > seen.length) {
            throw new IllegalArgumentException("too large for a simulated file: " + newSizeBytes);
        }
        if (newSizeBytes < sizeBytes) {
            zero(newSizeBytes, sizeBytes - newSizeBytes);
        }
        sizeBytes = newSizeBytes;
    }

    void write(MemorySegment bytes, long offset) {
        noteStores();
        put(bytes, offset);
        note(offset, bytes.byteSize(), false);
    }

    /// The system shows it, the device never hears of it.
    void writeLost(MemorySegment bytes, long offset) {
        noteStores();
        put(bytes, offset);
    }

    private void put(MemorySegment bytes, long offset) {
        if (offset + bytes.byteSize() > sizeBytes) {
            resize(offset + bytes.byteSize());
        }
        MemorySegment.copy(bytes, 0, cache, offset, bytes.byteSize());
        MemorySegment.copy(bytes, BYTE, 0, seen, (int) offset, (int) bytes.byteSize());
    }

    /// The device gets bytes that were meant for another place; the system shows what it has shown.
    void hit(MemorySegment bytes, long offset) {
        long fits = Math.max(0, Math.min(bytes.byteSize(), deviceSizeBytes - offset));
        MemorySegment.copy(bytes, BYTE, 0, device, (int) offset, (int) fits);
    }

    long read(MemorySegment into, long offset) {
        long bytes = Math.max(0, Math.min(into.byteSize(), sizeBytes - offset));
        MemorySegment.copy(cache, offset, into, 0, bytes);
        return bytes;
    }

    /// As a file system tells that knows of each block whether it is all zeros.
    long dataFrom(long offset) {
        for (long at = offset; at < sizeBytes; at++) {
            if (cache.get(BYTE, at) != 0) {
                return Math.max(offset, at / PAGE * PAGE);
            }
        }
        return Math.max(offset, sizeBytes);
    }

    void zero(long offset, long lengthBytes) {
        write(MemorySegment.ofArray(new byte[(int) lengthBytes]), offset);
    }

    MemorySegment map(boolean forWriting, long offset, long lengthBytes) {
        mappedForWriting |= forWriting;
        MemorySegment mapping = cache.asSlice(offset, lengthBytes);
        return forWriting ? mapping : mapping.asReadOnly();
    }

    /// Looks what was stored through mappings since the last look.
    void noteStores() {
        MemorySegment before = MemorySegment.ofArray(seen);
        if (!mappedForWriting
                || MemorySegment.mismatch(cache, 0, sizeBytes, before, 0, sizeBytes) < 0) {
            return;
        }
        for (int sector = 0; sector * SECTOR < sizeBytes; sector++) {
            long start = (long) sector * SECTOR;
            if (MemorySegment.mismatch(cache, start, start + SECTOR, before, start,
                    start + SECTOR) >= 0) {
                MemorySegment.copy(cache, BYTE, start, seen, (int) start, SECTOR);
                note(start, SECTOR, true);
            }
        }
    }

    private void note(long offset, long lengthBytes, boolean stored) {
        for (long sector = offset / SECTOR; sector * SECTOR < offset + lengthBytes; sector++) {
            int start = (int) sector * SECTOR;
            unsynced.computeIfAbsent((int) sector, _ -> new ArrayList<>())
                    .add(new Version(Arrays.copyOfRange(seen, start, start + SECTOR), stored));
        }
    }

    void sync() {
        noteStores();
        unsynced.forEach((sector, versions) -> System.arraycopy(versions.getLast().bytes(), 0,
                device, sector * SECTOR, SECTOR));
        unsynced.clear();
        deviceSizeBytes = sizeBytes;
    }

    /// A sync failed.
    void failSync(Unsynced what) {
        noteStores();
        if (what == Unsynced.REVERTED) {
            for (int sector : unsynced.keySet()) {
                int start = sector * SECTOR;
                MemorySegment.copy(device, start, cache, BYTE, start, SECTOR);
                System.arraycopy(device, start, seen, start, SECTOR);
            }
        }
        if (what != Unsynced.KEPT) {
            unsynced.clear();
        }
    }

    /// What may be on the device when the power fails, and what not.
    ///
    /// @param choose is told how many states a part may be in, and says in which it is: 0 as it was
    ///     synced, the highest as the system shows it or nearly so
    byte[] afterPowerFailure(IntUnaryOperator choose) {
        noteStores();
        long size = deviceSizeBytes;
        if (size != sizeBytes && choose.applyAsInt(2) == 1) {
            size = sizeBytes;
        }
        byte[] left = device.clone();
        unsynced.forEach((sector, versions) -> {
            List<byte[]> states = statesOf(sector, versions);
            System.arraycopy(states.get(choose.applyAsInt(states.size())), 0, left,
                    sector * SECTOR, SECTOR);
        });
        return Arrays.copyOf(left, (int) size);
    }

    /// Adds in how many states each part may be that [#afterPowerFailure] asks for.
    void addUnsyncedParts(List<Integer> parts) {
        noteStores();
        if (deviceSizeBytes != sizeBytes) {
            parts.add(2);
        }
        unsynced.forEach((sector, versions) -> parts.add(statesOf(sector, versions).size()));
    }

    private List<byte[]> statesOf(int sector, List<Version> versions) {
        List<byte[]> states = new ArrayList<>();
        byte[] before = Arrays.copyOfRange(device, sector * SECTOR, (sector + 1) * SECTOR);
        states.add(before);
        for (Version version : versions) {
            for (int mixture = 0; version.stored() && mixture < MIXTURES; mixture++) {
                addNew(states, mixed(before, version.bytes(), mixture));
            }
            addNew(states, version.bytes());
            before = version.bytes();
        }
        return states;
    }

    private static void addNew(List<byte[]> states, byte[] state) {
        if (states.stream().noneMatch(other -> Arrays.equals(other, state))) {
            states.add(state);
        }
    }

    private static byte[] mixed(byte[] before, byte[] after, int mixture) {
        byte[] mixed = before.clone();
        for (int line = 0; line < SECTOR / LINE; line++) {
            boolean isNew = switch (mixture) {
                case 0 -> line % 2 == 0;
                case 1 -> line % 2 == 1;
                case 2 -> line < SECTOR / LINE / 2;
                default -> line >= SECTOR / LINE / 2;
            };
            if (isNew) {
                System.arraycopy(after, line * LINE, mixed, line * LINE, LINE);
            }
        }
        return mixed;
    }

    byte[] content() {
        return cache.asSlice(0, sizeBytes).toArray(BYTE);
    }
}
